// Fields of a JSON object that somebody else wrote: absent or null keeps the default, another type
// is an error that names the field.
#ifndef ERATO_CAPI_SRC_JSON_FIELDS_H_
#define ERATO_CAPI_SRC_JSON_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/base/json.h"

namespace erato::capi {

class JsonFields {
 public:
  /// `where` names the object in messages ("tokenizer.json normalizer"). INVALID_ARGUMENT where
  /// `json` is no object. `json` must outlive this.
  static absl::StatusOr<JsonFields> Of(const Json& json, std::string where);

  /// Null where the field is absent or null.
  const Json* Find(std::string_view name) const;
  absl::StatusOr<const Json*> Need(std::string_view name) const;
  absl::Status Read(std::string_view name, bool& value) const;
  absl::Status Read(std::string_view name, std::string& value) const;
  absl::Status Read(std::string_view name, int32_t& value) const;
  absl::StatusOr<std::string> NeedText(std::string_view name) const;
  /// "[where] name, got …, expected …".
  absl::Status Wrong(std::string_view name, std::string_view got, std::string_view expected) const;
  const std::string& where() const { return where_; }

 private:
  JsonFields(const Json& json, std::string where) : json_(&json), where_(std::move(where)) {}
  absl::Status WrongType(std::string_view name, const Json& value, std::string_view expected) const;

  const Json* json_;
  std::string where_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_JSON_FIELDS_H_
