// How the tensors of a file become the weights of a model on a backend.
#ifndef ERATO_MODELS_SLOTS_H_
#define ERATO_MODELS_SLOTS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"
#include "models/registry.h"

namespace erato {

/// One weight to be: rows [first, first + rows) of a tensor of [tensor_rows, cols]. A vector is one
/// row; there `first` and `tensor_rows` count values.
struct WeightSlot {
  std::string tensor;
  WeightUse use = WeightUse::kMatrix;
  int64_t rows = 0, cols = 0, first = 0, tensor_rows = 0;
  bool transposed = false;  // the tensor lies as [cols, tensor_rows]
  float offset = 0;         // added to every value (vectors only)
  const Weight** target = nullptr;
  int64_t stored_cols = 0;  // a vector whose tensor is a matrix of so many columns; 0 = a vector
};

/// Every slot's tensor is there, has the shape and a format that fits; no tensor of the file is
/// left over but those whose name holds one of `unused`.
absl::Status CheckSlots(std::string_view family, const std::vector<std::string>& unused,
                        const std::vector<WeightSlot>& slots, const ModelFiles& files);
/// Uploads one slot after the other. `slots` have been checked; `owned` keeps what their targets
/// point at.
absl::Status UploadSlots(const std::vector<WeightSlot>& slots, const ModelFiles& files,
                         Backend& backend, const BindOptions& options,
                         std::vector<std::unique_ptr<Weight>>& owned);
/// The first of `roots` under which there is the tensor root + `embed` + ".weight"; NOT_FOUND where
/// there is none.
absl::StatusOr<std::string> FindRoot(const std::vector<std::string>& roots, std::string_view embed,
                                     const ModelFiles& files);
/// `layer`, a prefix of names with '#' in it, for layer `number`.
std::string LayerPrefix(std::string_view layer, size_t number);

}  // namespace erato

#endif  // ERATO_MODELS_SLOTS_H_
