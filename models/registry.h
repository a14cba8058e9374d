// From files to a model that an engine can run: the families that Erato knows, and the one function
// that binds them.
#ifndef ERATO_MODELS_REGISTRY_H_
#define ERATO_MODELS_REGISTRY_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/engine/model.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"

namespace erato {

/// What a model is loaded for. Encoders make vectors or labels whatever is asked; decoders generate
/// unless their files or the caller say vectors.
enum class Purpose { kByFile, kGenerate, kVectors };

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
  // Of what makes vectors or labels: `vectors` true, and how they are made by default; the labels
  // of a head.
  bool vectors = false, normalised = false, labels_tokens = false;
  int32_t vector_width = 0;  // of a vector
  LabelMeaning label_meaning = LabelMeaning::kOneOfAll;
  Pooling pooling = Pooling::kNone;
  int32_t max_tokens = 0;           // that texts are meant to be cut to
  std::vector<int32_t> dimensions;  // that vectors may be cut to; empty = any
  std::vector<std::string> labels;
};

struct BindOptions {
  int32_t max_rows = 512;      // rows of one step
  int32_t max_logit_rows = 0;  // logit rows of one step; 0 = LogitRows
  int32_t max_context = 0;     // 0 = the model's own
  /// What matrices and tables are kept as, where their rows allow it.
  Precision precision = Precision::kAsStored;
  /// Called between tensors with the share done, 0 … 1; a status that is not OK ends the load with
  /// it.
  std::function<absl::Status(double fraction)> progress;
};

/// Sequences that get a token in one step where nobody says how many: what 16 MiB of logits hold, 4
/// to 64.
inline int32_t LogitRows(int64_t vocabulary) {
  const int64_t row_bytes = std::max<int64_t>(vocabulary, 1) * int64_t{sizeof(float)};
  return static_cast<int32_t>(std::clamp<int64_t>((int64_t{16} << 20) / row_bytes, 4, 64));
}

std::vector<std::string> KnownFamilies();
/// Reads and validates the metadata alone. An unknown family is an error that names it and the
/// known ones.
absl::StatusOr<ModelSummary> Summarise(const ModelFiles& files, Purpose purpose = Purpose::kByFile);
/// Validates every tensor against the family's specification, uploads the weights and reserves all
/// that a step needs. INVALID_ARGUMENT for a family that does not generate.
absl::StatusOr<std::unique_ptr<Model>> BindModel(const ModelFiles& files, Backend& backend,
                                                 const BindOptions& options);
/// The same for what turns sequences into vectors or labels: encoders, and decoders run as such.
/// options.max_rows may be less than a sequence has: EncoderModel::Reserve makes more room.
absl::StatusOr<std::unique_ptr<EncoderModel>> BindEncoder(const ModelFiles& files, Backend& backend,
                                                          const BindOptions& options);
/// Names of tensors that the family needs and shape checks, without uploading: what `erato check`
/// runs.
absl::Status CheckModel(const ModelFiles& files);

}  // namespace erato

#endif  // ERATO_MODELS_REGISTRY_H_
