// The handle of a model, and what its functions share.
#ifndef ERATO_CAPI_SRC_MODEL_H_
#define ERATO_CAPI_SRC_MODEL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "capi/src/guard.h"
#include "capi/src/loaded_model.h"
#include "erato/model.h"

struct erato_model {
  erato::capi::Home home;
  std::shared_ptr<erato::capi::LoadedModel> loaded;
};

namespace erato::capi {

using ModelRef = std::shared_ptr<const LoadedModel>;
/// The model behind a handle: INVALID_ARGUMENT for null, FORKED in a child.
absl::StatusOr<ModelRef> ModelArgument(const erato_model* model);
/// A list of ids, each in the vocabulary.
absl::StatusOr<std::vector<int32_t>> IdsArgument(const int32_t* ids, size_t count,
                                                 int32_t vocabulary);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_MODEL_H_
