// From files to a model that an engine can run: the families that Erato knows, and the one function
// that binds them.
#ifndef ERATO_MODELS_REGISTRY_H_
#define ERATO_MODELS_REGISTRY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/engine/model.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"

namespace erato {

/// What can be said of a model without reading its weights.
struct ModelSummary {
  std::string family;         // "llama"
  std::string name;           // as the file tells, or ""
  std::string weight_format;  // the commonest one, "q4_1"
  int64_t parameters = 0;
  int64_t weight_bytes = 0;
  int32_t layers = 0, width = 0, heads = 0, kv_heads = 0, head_width = 0, vocabulary = 0,
          context_length = 0;
  int64_t kv_bytes_per_token = 0;  // of attention caches
  // Of encoders: `vectors` true, and how they are made by default; the labels of a head.
  bool vectors = false, normalised = false, labels_tokens = false;
  Pooling pooling = Pooling::kNone;
  int32_t max_tokens = 0;           // that texts are meant to be cut to
  std::vector<int32_t> dimensions;  // that vectors may be cut to; empty = any
  std::vector<std::string> labels;
};

struct BindOptions {
  int32_t max_rows = 512;       // rows of one step
  int32_t max_logit_rows = 64;  // logit rows of one step
  int32_t max_context = 0;      // 0 = the model's own
  /// Called between tensors with the share done, 0 … 1; a status that is not OK ends the load with
  /// it.
  std::function<absl::Status(double fraction)> progress;
};

std::vector<std::string> KnownFamilies();
/// Reads and validates the metadata alone. An unknown family is an error that names it and the
/// known ones.
absl::StatusOr<ModelSummary> Summarise(const ModelFiles& files);
/// Validates every tensor against the family's specification, uploads the weights and reserves all
/// that a step needs.
absl::StatusOr<std::unique_ptr<Model>> BindModel(const ModelFiles& files, Backend& backend,
                                                 const BindOptions& options);
/// The same for encoders: families that turn sequences into vectors or labels. INVALID_ARGUMENT for
/// one that generates, as BindModel has it for one that does not. options.max_rows may be less than
/// a sequence has: EncoderModel::Reserve makes more room.
absl::StatusOr<std::unique_ptr<EncoderModel>> BindEncoder(const ModelFiles& files, Backend& backend,
                                                          const BindOptions& options);
/// Names of tensors that the family needs and shape checks, without uploading: what `erato check`
/// runs.
absl::Status CheckModel(const ModelFiles& files);

}  // namespace erato

#endif  // ERATO_MODELS_REGISTRY_H_
