// What a model would take of a device's memory.
#ifndef ERATO_MODELS_ESTIMATE_H_
#define ERATO_MODELS_ESTIMATE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"
#include "models/registry.h"

namespace erato {

struct MemoryEstimate {
  int64_t weight_bytes = 0;
  int64_t working_bytes = 0;  // activations and scratch of a step of max_rows; no cache
};

/// Binds as BindModel or BindEncoder would, but nothing is taken of `device` and no matrix is read.
/// Their errors are its errors.
absl::StatusOr<MemoryEstimate> EstimateMemory(const ModelFiles& files, const Backend& device,
                                              const BindOptions& options, Purpose purpose);

}  // namespace erato

#endif  // ERATO_MODELS_ESTIMATE_H_
