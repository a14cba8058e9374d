// A tokenizer as a list of steps, the way a tokenizer.json describes it (Hugging Face tokenizers):
// plain data, that says what and not how. Sequences of steps are flat here, in their order.
//
//   text > added tokens cut out > normalizers > pre_tokenizers > model > post_processor > ids
#ifndef ERATO_TOKENIZER_PIPELINE_SPEC_H_
#define ERATO_TOKENIZER_PIPELINE_SPEC_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace erato {

/// What Split and Replace look for.
struct PatternSpec {
  bool is_regex = false;
  std::string text;
};

struct NormalizerSpec {
  enum class Kind {
    kNfc,
    kNfd,
    kNfkc,
    kNfkd,
    kLowercase,
    kStripAccents,  // all marks
    kStrip,
    kPrepend,  // `text`, unless there is nothing
    kReplace,
    kCharsmap,  // `text` holds the bytes (charsmap.h)
    kBert,
    kByteLevel,  // bytes become letters of GPT-2's alphabet
  };
  Kind kind = Kind::kNfc;
  PatternSpec pattern;             // kReplace
  std::string text;                // kReplace: what comes instead
  bool left = true, right = true;  // kStrip
  // kBert
  bool clean_text = true, space_ideographs = true, strip_accents = true, lowercase = true;
};

/// What becomes of the matches of a pattern that cuts a text.
enum class SplitBehavior { kRemoved, kIsolated, kWithPrevious, kWithNext, kContiguous };

struct PreTokenizerSpec {
  enum class Kind {
    kByteLevel,
    kWhitespace,       // \w+|[^\w\s]+
    kWhitespaceSplit,  // what lies between white space
    kBert,             // white space removed, punctuation apart
    kMetaspace,
    kPunctuation,
    kDigits,
    kSplit,
  };
  enum class Prefix { kAlways, kFirst, kNever };
  Kind kind = Kind::kWhitespace;
  PatternSpec pattern;                                // kSplit
  SplitBehavior behavior = SplitBehavior::kIsolated;  // kSplit, kPunctuation
  bool invert = false;                                // kSplit: the pattern matches what to keep
  bool add_prefix_space = false, use_regex = true;    // kByteLevel
  bool individual_digits = false;                     // kDigits
  std::string replacement = "\u2581";                 // kMetaspace: one code point
  Prefix prefix = Prefix::kAlways;                    // kMetaspace
  bool split = true;                                  // kMetaspace
};

struct ModelSpec {
  enum class Kind { kBpe, kWordPiece, kUnigram, kWordLevel };
  Kind kind = Kind::kBpe;
  /// Index = id; an id that the model does not have is "" (so is, in a model that has one, the
  /// empty piece, which no text can need).
  std::vector<std::string> pieces;
  std::vector<double> scores;                               // kUnigram: one a piece
  std::vector<std::pair<std::string, std::string>> merges;  // kBpe, best first
  std::string unknown;                                      // "" = none
  int32_t unknown_id = -1;                                  // kUnigram
  bool byte_fallback = false, fuse_unknown = false, ignore_merges = false;
  std::string continuing_prefix;  // "##" of WordPiece
  std::string word_suffix;        // "</w>"
  int32_t max_word_letters = 100;
};

struct AddedTokenSpec {
  int32_t id = -1;
  std::string text;
  bool single_word = false, left_strip = false, right_strip = false;
  bool normalized = false;  // found in normalised text, as its own normal form
  bool special = false;
};

struct TemplatePart {
  enum class Kind { kFirst, kSecond, kSpecial };
  Kind kind = Kind::kFirst;
  std::vector<int32_t> ids;  // kSpecial
  int32_t segment = 0;       // "type id"
};

struct PieceDecoderSpec {
  enum class Kind {
    kByteLevel,
    kWordPiece,
    kMetaspace,
    kByteFallback,
    kFuse,
    kStrip,
    kReplace,
    kBpe,   // `text`, the suffix of a word, becomes a space
    kJoin,  // a space between pieces
  };
  Kind kind = Kind::kFuse;
  std::string text;  // kWordPiece, kBpe: prefix, suffix; kMetaspace: replacement; kStrip: letter;
                     // kReplace: what is looked for
  std::string content;          // kReplace: what comes instead
  bool cleanup = true;          // kWordPiece: no space before punctuation
  bool first_bare = true;       // kMetaspace: the first space of a text is dropped
  int32_t start = 0, stop = 0;  // kStrip: how many letters at most
};

struct TokenizerSpec {
  std::vector<NormalizerSpec> normalizers;
  std::vector<PreTokenizerSpec> pre_tokenizers;
  ModelSpec model;
  std::vector<AddedTokenSpec> added_tokens;
  std::vector<TemplatePart> single, pair;  // empty = the text, or texts, alone
  std::vector<PieceDecoderSpec> decoders;
  // What the file asks of lengths. Erato never cuts text in silence and pads nothing: callers are
  // told.
  int32_t truncation_tokens = 0;  // 0 = none
  bool pads = false;
  // From the files beside it.
  int32_t bos = -1, eos = -1, padding = -1;
  std::vector<int32_t> end_of_generation;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_SPEC_H_
