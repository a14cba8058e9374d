#include "capi/src/template_value.h"

#include <utility>

namespace erato::capi {
namespace {

Dict DictOf(const Json::Object& members);

struct ToValue {
  Value operator()(std::monostate) const { return Value(); }
  Value operator()(const std::string& text) const { return Value::Content(text); }
  Value operator()(uint64_t number) const {
    if (number > uint64_t{INT64_MAX}) return Value(static_cast<double>(number));
    return Value(static_cast<int64_t>(number));
  }
  Value operator()(const Json::Array& items) const {
    List list;
    list.reserve(items.size());
    for (const Json& item : items) list.push_back(item.Visit(*this));
    return Value(std::move(list));
  }
  Value operator()(const Json::Object& members) const { return Value(DictOf(members)); }
  template <typename T>
  Value operator()(T scalar) const {
    return Value(scalar);
  }
};

Dict DictOf(const Json::Object& members) {
  Dict dict;
  dict.reserve(members.size());
  for (const auto& [key, item] : members) dict.emplace_back(key, item.Visit(ToValue()));
  return dict;
}

}  // namespace

Dict ToTemplateDict(const Json& object) {
  const Json::Object* members = object.object();
  return members == nullptr ? Dict() : DictOf(*members);
}

Value ToTemplateValue(const Json& json) { return json.Visit(ToValue()); }

}  // namespace erato::capi
