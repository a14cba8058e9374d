// SentencePiece's own file, "tokenizer.model" or "spiece.model".
#ifndef ERATO_TOKENIZER_SENTENCEPIECE_MODEL_H_
#define ERATO_TOKENIZER_SENTENCEPIECE_MODEL_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// The vocabulary in the bytes of a ModelProto. Reads what encoding and decoding need; passes over
/// the rest. INVALID_ARGUMENT with the byte offset where it is no such file or the kind of model is
/// not BPE or unigram. Whether the parts agree is for Tokenizer::Create to say. add_bos and add_eos
/// are false: the file does not say.
absl::StatusOr<Vocabulary> ParseSentencePieceModel(std::string_view bytes);

}  // namespace erato

#endif  // ERATO_TOKENIZER_SENTENCEPIECE_MODEL_H_
