// The weights of a decoder: which tensors of a file they are, what shapes they must have, and how
// they get to a backend.
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
#include "models/registry.h"

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

/// One weight to be: rows [first, first + rows) of a tensor of [tensor_rows, cols]. A vector is one
/// row; there `first` and `tensor_rows` count values.
struct WeightSlot {
  std::string tensor;
  WeightUse use = WeightUse::kMatrix;
  int64_t rows = 0, cols = 0, first = 0, tensor_rows = 0;
  bool transposed = false;  // the tensor lies as [cols, tensor_rows]
  float offset = 0;         // added to every value (vectors only)
  const Weight** target = nullptr;
};

/// All slots of a plan, their targets in `weights`, which must not move afterwards. NOT_FOUND where
/// no embedding table is there under any of the plan's roots.
absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const DecoderPlan& plan, const ModelFiles& files,
                                                DecoderWeights& weights);
/// Every slot's tensor is there, has the shape and a format that fits; no tensor of the file is
/// left over.
absl::Status CheckSlots(const DecoderPlan& plan, const std::vector<WeightSlot>& slots,
                        const ModelFiles& files);
/// Reads and uploads one tensor after the other through one buffer. `slots` have been checked.
absl::Status UploadSlots(const std::vector<WeightSlot>& slots, const ModelFiles& files,
                         Backend& backend, const BindOptions& options, DecoderWeights& weights);

}  // namespace erato

#endif  // ERATO_MODELS_DECODER_WEIGHTS_H_
