// From a GGUF file's metadata to a tokenizer's vocabulary.
#ifndef ERATO_CAPI_SRC_VOCABULARY_H_
#define ERATO_CAPI_SRC_VOCABULARY_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "core/formats/gguf/gguf.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// The keys "tokenizer.ggml.*". NOT_FOUND where the file has no tokenizer, INVALID_ARGUMENT where a
/// key is of another type, out of range, or names a kind that we do not know. Whether the parts
/// agree with each other is for Tokenizer::Create to say.
absl::StatusOr<Vocabulary> VocabularyFromGguf(const gguf::Metadata& metadata);

/// Whether a piece is one of the markers that end an answer, whatever a file says of its end.
bool IsEndMarker(std::string_view piece);

}  // namespace erato

#endif  // ERATO_CAPI_SRC_VOCABULARY_H_
