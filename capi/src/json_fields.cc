#include "capi/src/json_fields.h"

#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {

absl::StatusOr<JsonFields> JsonFields::Of(const Json& json, std::string where) {
  if (json.is_object()) return JsonFields(json, std::move(where));
  return absl::InvalidArgumentError(
      Concat("[", where, "] value, got ", json.type_name(), ", expected an object"));
}

const Json* JsonFields::Find(std::string_view name) const {
  const Json* found = json_->Find(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

absl::StatusOr<const Json*> JsonFields::Need(std::string_view name) const {
  const Json* const value = Find(name);
  if (value == nullptr) return Wrong(name, "none", "one");
  return value;
}

absl::Status JsonFields::Read(std::string_view name, bool& value) const {
  const Json* const json = Find(name);
  if (json == nullptr) return absl::OkStatus();
  if (!json->is_boolean()) return WrongType(name, *json, "true or false");
  value = json->get<bool>();
  return absl::OkStatus();
}

absl::Status JsonFields::Read(std::string_view name, std::string& value) const {
  const Json* const json = Find(name);
  if (json == nullptr) return absl::OkStatus();
  if (!json->is_string()) return WrongType(name, *json, "a text");
  value = *json->string();
  return absl::OkStatus();
}

absl::Status JsonFields::Read(std::string_view name, int32_t& value) const {
  const Json* const json = Find(name);
  if (json == nullptr) return absl::OkStatus();
  if (!json->is_integer()) return WrongType(name, *json, "a whole number");
  const bool fits = json->is_unsigned()
                        ? json->get<uint64_t>() <= uint64_t{INT32_MAX}
                        : json->get<int64_t>() >= INT32_MIN && json->get<int64_t>() <= INT32_MAX;
  if (!fits) return Wrong(name, WriteJson(*json), "a number of 32 bits");
  value = json->get<int32_t>();
  return absl::OkStatus();
}

absl::StatusOr<std::string> JsonFields::NeedText(std::string_view name) const {
  ERATO_RETURN_IF_ERROR(Need(name).status());
  std::string value;
  ERATO_RETURN_IF_ERROR(Read(name, value));
  return value;
}

absl::Status JsonFields::Wrong(std::string_view name, std::string_view got,
                               std::string_view expected) const {
  return absl::InvalidArgumentError(
      Concat("[", where_, "] ", name, ", got ", got, ", expected ", expected));
}

absl::Status JsonFields::WrongType(std::string_view name, const Json& value,
                                   std::string_view expected) const {
  return Wrong(name, value.type_name(), expected);
}

}  // namespace erato::capi
