// How sentence-transformers says that vectors are made: modules.json lists a Transformer, a Pooling
// and perhaps Dense layers and a Normalize, each with a folder that has a config.json, and dense
// layers with their weights (which ModelFiles shows as tensors "FOLDER/linear…").
#ifndef ERATO_MODELS_SENTENCE_MODULES_H_
#define ERATO_MODELS_SENTENCE_MODULES_H_

#include "absl/status/status.h"
#include "models/encoder_spec.h"
#include "models/keys.h"

namespace erato {

/// Fills what the files say; without modules.json vectors stay as they are. `width`: of a row.
absl::Status ReadSentenceModules(const Keys& keys, int32_t width, VectorSpec& vectors);

}  // namespace erato

#endif  // ERATO_MODELS_SENTENCE_MODULES_H_
