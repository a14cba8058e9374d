// Text to token ids and back. Knows nothing of models, files or devices: a Vocabulary comes in, ids
// come out.
#ifndef ERATO_TOKENIZER_TOKENIZER_H_
#define ERATO_TOKENIZER_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

/// A vocabulary as a model file carries it. Index = token id.
///
/// Of pieces with one text the lowest id is the one that encoding uses. Empty pieces are never
/// used. BOS, EOS and the other ends count as control pieces where they look like markers (<…>,
/// […]), whatever their type says.
struct Vocabulary {
  enum class Kind { kByteBpe, kSentencePieceBpe };
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
  std::vector<float> scores;     // SentencePiece only
  std::vector<std::string> merges;  // byte BPE only: "left right", best first
  std::string pre_tokenizer;        // byte BPE only: "gpt-2" (also where empty), "llama-bpe", …
  int32_t bos = -1, eos = -1, unknown = -1, padding = -1;  // -1 = none
  std::vector<int32_t> end_of_generation;  // further ids that end an answer; eos is one unnamed
  bool add_bos = false, add_eos = false;
  bool add_space_prefix = false;         // SentencePiece only
  bool remove_extra_whitespace = false;  // SentencePiece only
};

/// A stretch of text and whether it may hold control tokens: only the scaffold of a template may.
struct TextSpan {
  std::string_view text;
  bool trusted = false;
};

struct EncodeOptions {
  /// BOS and EOS as the vocabulary asks; not again where the text itself begins or ends with them.
  bool add_special = false;
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

  /// The bytes that one id stands for; they need not be whole code points. Control pieces have none
  /// unless `special`.
  virtual void AppendBytes(int32_t id, bool special, std::string& out) const = 0;
  /// The bytes of all ids, as a text from its begin: without the space that SentencePiece put
  /// there. INVALID_ARGUMENT where an id is out of range.
  absl::StatusOr<std::string> Decode(absl::Span<const int32_t> ids, bool special) const;

  virtual const Vocabulary& vocabulary() const = 0;
  int32_t size() const { return static_cast<int32_t>(vocabulary().pieces.size()); }
  bool IsEndOfGeneration(int32_t id) const;
  /// Control pieces and the unknown one: what no reader is shown. False out of range.
  bool IsControl(int32_t id) const;
  /// Whether the first word of a text has a space that was not there: one who decodes from a text's
  /// begin with AppendBytes drops it. Decode does.
  virtual bool drops_leading_space() const = 0;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TOKENIZER_H_
