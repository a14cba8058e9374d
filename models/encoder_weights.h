// The weights of an encoder: which tensors of a file they are and what shapes they must have.
#ifndef ERATO_MODELS_ENCODER_WEIGHTS_H_
#define ERATO_MODELS_ENCODER_WEIGHTS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"
#include "models/encoder_spec.h"
#include "models/slots.h"

namespace erato {

/// x = after(x + output(mixer(before(x)))): which of the norms are there is the family's.
struct EncoderLayer {
  Norm attention_before, attention_output, attention_after;
  Norm feed_forward_before, feed_forward_output, feed_forward_after;
  Norm q_norm, k_norm;
  Linear q, k, v, out;
  Linear gate, up, down;
};

struct DenseLayer {
  Norm norm;
  Linear w;
};

struct EncoderWeights {
  const Weight *embed = nullptr, *positions = nullptr, *segments = nullptr;
  Norm embed_norm;
  Linear project;
  const Weight* relative = nullptr;
  Norm relative_norm;
  std::vector<EncoderLayer> layers;
  Norm final_norm;
  std::vector<DenseLayer> vectors, labels;
  std::vector<std::unique_ptr<Weight>> owned;  // all of the above
};

/// All slots of a plan, their targets in `weights`, which must not move afterwards. NOT_FOUND where
/// no embedding table is there under any of the plan's roots.
absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const EncoderPlan& plan, const ModelFiles& files,
                                                EncoderWeights& weights);

}  // namespace erato

#endif  // ERATO_MODELS_ENCODER_WEIGHTS_H_
