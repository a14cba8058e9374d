// What the functions of text.h share.
#ifndef ERATO_CAPI_SRC_TEXT_H_
#define ERATO_CAPI_SRC_TEXT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/chat.h"
#include "capi/src/loaded_model.h"

namespace erato::capi {

/// The model's template over a JSON argument: {"messages": …, …}.
absl::StatusOr<std::vector<RenderedSpan>> RenderJson(const LoadedModel& model, const char* json,
                                                     size_t json_bytes);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TEXT_H_
