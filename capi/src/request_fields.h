// Fields of a request in the JSON family: absent and null mean the same, and every option of a kind
// is a field of its name.
#ifndef ERATO_CAPI_SRC_REQUEST_FIELDS_H_
#define ERATO_CAPI_SRC_REQUEST_FIELDS_H_

#include <initializer_list>
#include <string_view>

#include "absl/status/statusor.h"
#include "capi/src/options.h"
#include "core/base/json.h"
#include "erato/options.h"

namespace erato::capi {

/// The field's value; null where it is not there.
const Json& Field(const Json& json, const char* name);
/// "[request FIELD] value, expected …", blaming the field.
absl::Status Refuse(erato_status code, std::string_view field, std::string_view expected);
absl::StatusOr<bool> ReadBool(const Json& json, const char* name);
/// Field `name` as the option `key`, a number.
absl::Status ReadNumber(const Json& json, const char* name, erato_option key,
                        erato_options& options);
/// Every option of this kind but those in `except`.
absl::Status ReadOptionFields(const Json& json, std::initializer_list<erato_option> except,
                              erato_options& options);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_REQUEST_FIELDS_H_
