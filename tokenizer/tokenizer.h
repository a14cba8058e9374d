// Text to token ids and back. Knows nothing of models, files or devices: a Vocabulary comes in, ids
// come out.
#ifndef ERATO_TOKENIZER_TOKENIZER_H_
#define ERATO_TOKENIZER_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

/// A vocabulary as a model file carries it. Index = token id. kPipeline is the vocabulary of a
/// tokenizer.json, which comes as a TokenizerSpec (pipeline/spec.h).
///
/// Of pieces with one text the lowest id is the one that encoding uses. Empty pieces are never
/// used. BOS, EOS and the other ends count as control pieces where they look like markers (<…>,
/// […]), whatever their type says.
struct Vocabulary {
  enum class Kind {
    kByteBpe,
    kLetterBpe,  // merges over the text's own letters
    kSentencePieceBpe,
    kUnigram,
    kWordPiece,
    kPipeline,
  };
  /// As in SentencePiece.
  enum class PieceType : uint8_t {
    kNormal = 1,
    kUnknown,
    kControl,
    kUserDefined,
    kUnused,
    kByte,
  };
  Kind kind = Kind::kByteBpe;
  std::vector<std::string>
      pieces;                    // UTF-8; normal ones of byte BPE spell bytes in GPT-2's alphabet
  std::vector<PieceType> types;  // empty = all normal
  std::vector<float> scores;     // SentencePiece and unigram only
  std::vector<std::string> merges;  // byte and letter BPE only: "left right", best first
  std::string pre_tokenizer;        // the same: "gpt-2" (also where empty), "llama-bpe", …
  int32_t bos = -1, eos = -1, unknown = -1, padding = -1;  // -1 = none
  int32_t separator = -1;  // between the two texts of a pair, after the first one's end
  std::vector<int32_t> end_of_generation;  // further ids that end an answer; eos is one unnamed
  bool add_bos = false, add_eos = false;
  std::optional<bool> lowercase, strip_accents;  // WordPiece and letter BPE only
  // SentencePiece only (BPE and unigram):
  bool add_space_prefix = false;
  bool remove_extra_whitespace = false;
  bool escape_spaces = true;  // U+2581 for each space
  bool space_suffix = false;  // add_space_prefix puts it at the end
  // User-defined pieces are part of the text around them, as in SentencePiece's own files, and do
  // not cut it into two.
  bool inner_symbols = false;
  std::string charsmap;  // precompiled normalisation rules (charsmap.h); empty = none
};

/// A stretch of text and whether it may hold control tokens: only the scaffold of a template may.
struct TextSpan {
  std::string_view text;
  bool trusted = false;
};

/// Bytes [begin, end) of a text.
struct ByteRange {
  uint32_t begin = 0, end = 0;
};

/// Ids with where they come from.
struct Encoding {
  std::vector<int32_t> ids;
  std::vector<ByteRange> offsets;  // in the text; in their own one of two; empty for what was added
  std::vector<int32_t> segments;   // 0; of a pair what its template says, mostly 1 for the second
};

struct EncodeOptions {
  /// BOS and EOS as the vocabulary asks; not again where the text itself begins or ends with them.
  bool add_special = false;
};

/// What a decoded text loses at its ends, because encoding put it there.
struct DecodeRules {
  int32_t begin_spaces = 0;   // at most so many
  bool one_a_piece = false;   // of each piece at the begin one
  bool past_control = false;  // control pieces may stand before them
  bool last_space = false;    // a space at the end
};

/// Immutable and safe to use from any number of threads.
class Tokenizer {
 public:
  /// Checks the vocabulary and builds its tables. INVALID_ARGUMENT names what is wrong: sizes that
  /// disagree, ids out of range, merges that name no pieces, malformed byte pieces, an unknown
  /// pre-tokeniser, pieces too many or too long.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(Vocabulary vocabulary);
  virtual ~Tokenizer() = default;

  /// The ids of the spans' concatenation: words go on across the borders of spans. In trusted spans
  /// the text of control pieces becomes their ids, elsewhere never; a marker must lie in trusted
  /// text as a whole. User-defined pieces are found everywhere, but for those that look like
  /// markers, which count as control (special_pieces.h). INVALID_ARGUMENT with the byte offset
  /// where the text is not UTF-8, or where it is above 1 GiB.
  ///
  /// Time is linear in the text but for a logarithm. Bytes for which a byte-level vocabulary has no
  /// piece are left out, as in transformers. Decode gives the text back, but for those, for what
  /// SentencePiece itself loses (U+2581 is a space; unknown letters without byte pieces) and for
  /// vocabularies that normalise (qwen2: NFC).
  virtual absl::StatusOr<std::vector<int32_t>> Encode(absl::Span<const TextSpan> spans,
                                                      const EncodeOptions&) const = 0;
  absl::StatusOr<std::vector<int32_t>> Encode(std::string_view text, bool trusted,
                                              const EncodeOptions& options = {}) const;

  /// The same with offsets and segments, of one text or of a pair (`second` not null). A space that
  /// the tokeniser puts in front has no bytes. UNIMPLEMENTED for a pair where the vocabulary has no
  /// form for one, and for offsets where it normalises and keeps no account.
  virtual absl::StatusOr<Encoding> EncodeDetailed(absl::Span<const TextSpan> first,
                                                  const absl::Span<const TextSpan>* second,
                                                  const EncodeOptions& options) const;

  /// Puts what was encoded without ends into the form that the vocabulary has for one text or, with
  /// a `second`, for a pair: both whole, then begin, ends and separators around them. Offsets stay
  /// where there are some. UNIMPLEMENTED for a pair where the vocabulary has no form for one.
  virtual absl::StatusOr<Encoding> AddEnds(Encoding first, const Encoding* second) const;

  /// The bytes that one id stands for; they need not be whole code points. Control pieces have none
  /// unless `special`.
  virtual void AppendBytes(int32_t id, bool special, std::string& out) const = 0;
  /// The bytes of all ids, as a text from its begin: without the space that SentencePiece put
  /// there. INVALID_ARGUMENT where an id is out of range. DecodeStream does it id by id.
  absl::StatusOr<std::string> Decode(absl::Span<const int32_t> ids, bool special) const;

  virtual const Vocabulary& vocabulary() const = 0;
  int32_t size() const { return static_cast<int32_t>(vocabulary().pieces.size()); }
  bool IsEndOfGeneration(int32_t id) const;
  /// Control pieces and the unknown one: what no reader is shown. False out of range.
  bool IsControl(int32_t id) const;
  virtual DecodeRules decode_rules() const { return {}; }
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TOKENIZER_H_
