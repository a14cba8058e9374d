// JSON that a host hands over.
#ifndef ERATO_CAPI_SRC_JSON_ARGUMENT_H_
#define ERATO_CAPI_SRC_JSON_ARGUMENT_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "core/base/json.h"

namespace erato::capi {

/// INVALID_ARGUMENT, INVALID_UTF8 or LIMIT, naming the argument and the byte offset.
absl::StatusOr<Json> JsonArgument(const char* json, size_t json_bytes, const char* name = "json");

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_JSON_ARGUMENT_H_
