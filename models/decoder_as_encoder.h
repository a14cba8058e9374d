// Decoders that make vectors (Qwen3-Embedding, E5-Mistral, EmbeddingGemma) or label sequences
// (…ForSequenceClassification): the same layers over whole sequences without a cache, and in place
// of the head a pooling, usually of the last row, the only one that has seen all others.
#ifndef ERATO_MODELS_DECODER_AS_ENCODER_H_
#define ERATO_MODELS_DECODER_AS_ENCODER_H_

#include "absl/status/statusor.h"
#include "models/decoder_spec.h"
#include "models/encoder_spec.h"
#include "models/keys.h"

namespace erato {

/// Whether a decoder's files say that it is for vectors or labels: GGUF's pooling_type,
/// sentence-transformers' modules.json, or a class with a head for labels in `architectures`.
bool SaysVectors(const Keys& keys);
absl::StatusOr<EncoderPlan> AsEncoder(const Keys& keys, const DecoderPlan& plan);

}  // namespace erato

#endif  // ERATO_MODELS_DECODER_AS_ENCODER_H_
