// The tensor names that many families share, so that a family writes down only where it differs.
#ifndef ERATO_MODELS_NAMES_H_
#define ERATO_MODELS_NAMES_H_

#include "models/decoder_spec.h"
#include "models/keys.h"

namespace erato {

/// GGUF: one table for all families.
TensorNames GgufNames();
/// Hugging Face: Llama's, which Mistral, Qwen and others took over.
TensorNames LlamaConfigNames();
/// The one of the two that fits the container.
TensorNames LlamaNames(const Keys& keys);

/// Sets head.tied. Config: `tie_word_embeddings`. GGUF has no key: the head is tied where there is
/// no tensor for it.
absl::Status ReadTied(const Keys& keys, bool otherwise, DecoderPlan& plan);

}  // namespace erato

#endif  // ERATO_MODELS_NAMES_H_
