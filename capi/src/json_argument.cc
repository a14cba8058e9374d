#include "capi/src/json_argument.h"

#include "capi/src/guard.h"
#include "core/base/status.h"

namespace erato::capi {

absl::StatusOr<Json> JsonArgument(const char* json, size_t json_bytes, const char* name) {
  ERATO_ASSIGN_OR_RETURN(const auto text, TextArgument(json, json_bytes, name));
  absl::StatusOr<Json> parsed = ParseJson(text, name);
  if (!parsed.ok()) return Blame(From(Origin::kTemplate, parsed.status()), name);
  return parsed;
}

}  // namespace erato::capi
