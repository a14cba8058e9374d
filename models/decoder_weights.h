// The weights of a decoder: which tensors of a file they are and what shapes they must have.
#ifndef ERATO_MODELS_DECODER_WEIGHTS_H_
#define ERATO_MODELS_DECODER_WEIGHTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"
#include "models/decoder_spec.h"
#include "models/slots.h"

namespace erato {

struct DecoderLayer {
  Norm attention_norm;
  Linear q, k, v;
  Norm q_norm, k_norm;
  Linear out;
  Norm attention_post_norm;
  Norm feed_forward_norm;
  Linear gate, up, down;
  Norm feed_forward_post_norm;
};

struct DecoderWeights {
  const Weight* embed = nullptr;
  const Weight* positions = nullptr;
  std::vector<DecoderLayer> layers;
  Norm final_norm;
  Linear head;
  std::vector<std::unique_ptr<Weight>> owned;  // all of the above
};

/// All slots of a plan, their targets in `weights`, which must not move afterwards. NOT_FOUND where
/// no embedding table is there under any of the plan's roots.
absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const DecoderPlan& plan, const ModelFiles& files,
                                                DecoderWeights& weights);

}  // namespace erato

#endif  // ERATO_MODELS_DECODER_WEIGHTS_H_
