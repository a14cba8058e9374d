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
struct Vocabulary {
  enum class Kind { kByteBpe, kSentencePieceBpe };
  enum class PieceType : uint8_t {
    kNormal = 1,
    kUnknown,
    kControl,
    kUserDefined,
    kUnused,
    kByte
  };  // as in SentencePiece
  Kind kind = Kind::kByteBpe;
  std::vector<std::string> pieces;
  std::vector<PieceType> types;     // empty = all normal
  std::vector<float> scores;        // SentencePiece only
  std::vector<std::string> merges;  // byte BPE only: "left right", best first
  std::string pre_tokenizer;        // byte BPE only: "gpt-2", "llama-bpe", "qwen2", "smollm", …
  int32_t bos = -1, eos = -1, unknown = -1, padding = -1;  // -1 = none
  std::vector<int32_t>
      end_of_generation;  // further ids that end an answer (eos is one without being named)
  bool add_bos = false, add_eos = false;
  bool add_space_prefix = false;  // SentencePiece only
  bool remove_extra_whitespace = false;
};

/// A stretch of text and whether it may hold control tokens: only the scaffold of a template may.
struct TextSpan {
  std::string_view text;
  bool trusted = false;
};

struct EncodeOptions {
  bool add_special = false;  // BOS and EOS as the vocabulary asks
};

/// Immutable and safe to use from any number of threads.
class Tokenizer {
 public:
  /// Checks the vocabulary (sizes agree, ids in range, merges name pieces, …) and builds its
  /// tables.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(Vocabulary vocabulary);
  virtual ~Tokenizer() = default;

  /// The ids of the spans' concatenation; the text of control and user-defined pieces becomes those
  /// ids in trusted spans, control pieces never elsewhere. INVALID_ARGUMENT with the byte offset
  /// where the text is not UTF-8.
  virtual absl::StatusOr<std::vector<int32_t>> Encode(absl::Span<const TextSpan> spans,
                                                      const EncodeOptions&) const = 0;
  absl::StatusOr<std::vector<int32_t>> Encode(std::string_view text, bool trusted,
                                              const EncodeOptions& options = {}) const;

  /// The bytes that one id stands for; they need not be whole code points. Control pieces have none
  /// unless `special`.
  virtual void AppendBytes(int32_t id, bool special, std::string& out) const = 0;
  /// The bytes of all ids. INVALID_ARGUMENT where an id is out of range.
  absl::StatusOr<std::string> Decode(absl::Span<const int32_t> ids, bool special) const;

  virtual const Vocabulary& vocabulary() const = 0;
  int32_t size() const { return static_cast<int32_t>(vocabulary().pieces.size()); }
  bool IsEndOfGeneration(int32_t id) const;
  bool IsControl(int32_t id) const;
  /// SentencePiece drops the space that it put before the first word; this tells a decoder to do so
  /// at a text's begin.
  virtual bool drops_leading_space() const = 0;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TOKENIZER_H_
