#include "capi/src/template_value.h"

#include <utility>

namespace erato::capi {
namespace {

Value FromUnsigned(uint64_t number) {
  if (number > static_cast<uint64_t>(INT64_MAX)) return Value(static_cast<double>(number));
  return Value(static_cast<int64_t>(number));
}

Value FromArray(const Json& json) {
  List list;
  list.reserve(json.size());
  for (const Json& item : json) list.push_back(ToTemplateValue(item));
  return Value(std::move(list));
}

}  // namespace

Dict ToTemplateDict(const Json& object) {
  Dict dict;
  dict.reserve(object.size());
  for (const auto& [key, item] : object.items()) dict.emplace_back(key, ToTemplateValue(item));
  return dict;
}

Value ToTemplateValue(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return Value(json.get<bool>());
    case Json::value_t::number_integer:
      return Value(json.get<int64_t>());
    case Json::value_t::number_unsigned:
      return FromUnsigned(json.get<uint64_t>());
    case Json::value_t::number_float:
      return Value(json.get<double>());
    case Json::value_t::string:
      return Value::Content(json.get_ref<const std::string&>());
    case Json::value_t::array:
      return FromArray(json);
    case Json::value_t::object:
      return Value(ToTemplateDict(json));
    default:
      return Value();
  }
}

}  // namespace erato::capi
