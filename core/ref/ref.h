// The scalar backend: what ops.h means, written to be obviously right, and the oracle of every
// test. Weights are decoded to float32 at Upload, keys and values are kept in float32, sums run in
// double.
#ifndef ERATO_CORE_REF_REF_H_
#define ERATO_CORE_REF_REF_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"

namespace erato {

absl::StatusOr<std::unique_ptr<Backend>> NewRefBackend();

}  // namespace erato

#endif  // ERATO_CORE_REF_REF_H_
