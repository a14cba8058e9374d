// What an id reads as: the decoders of a tokenizer.json, applied to each piece once, when the
// tokenizer is made.
#ifndef ERATO_TOKENIZER_PIPELINE_DECODE_H_
#define ERATO_TOKENIZER_PIPELINE_DECODE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/pattern.h"
#include "tokenizer/pipeline/spec.h"

namespace erato {

/// Decoders look at one piece at a time, but for what happens at a text's two ends.
class PieceDecoder {
 public:
  /// UNIMPLEMENTED names what we cannot run.
  static absl::StatusOr<PieceDecoder> Create(const std::vector<PieceDecoderSpec>& specs);

  /// The bytes of a piece within a text; false where the steps make it 64 times as long.
  bool Decode(std::string_view piece, std::string& text) const;
  /// Bytes that a text loses at its begin, if they are spaces.
  size_t begin_spaces() const { return begin_spaces_; }
  /// Whether a text loses the space at its end.
  bool drops_last_space() const { return drops_last_space_; }
  /// Added tokens are no letters of GPT-2's alphabet: they stay as they are.
  bool spells_bytes() const { return spells_bytes_; }

 private:
  std::vector<PieceDecoderSpec> steps_;
  size_t begin_spaces_ = 0;
  bool drops_last_space_ = false;
  bool spells_bytes_ = false;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_DECODE_H_
