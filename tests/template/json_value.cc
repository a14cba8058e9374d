#include "tests/template/json_value.h"

#include <utility>

namespace erato {

using Json = nlohmann::ordered_json;

Value ValueFromTestJson(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return Value(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return Value(json.get<int64_t>());
    case Json::value_t::number_float:
      return Value(json.get<double>());
    case Json::value_t::string:
      return Value::Content(json.get<std::string>());
    case Json::value_t::array: {
      List list;
      for (const Json& item : json) list.push_back(ValueFromTestJson(item));
      return Value(std::move(list));
    }
    case Json::value_t::object: {
      Dict dict;
      for (const auto& [key, item] : json.items()) dict.emplace_back(key, ValueFromTestJson(item));
      return Value(std::move(dict));
    }
    default:
      return Value();
  }
}

absl::StatusOr<std::vector<RenderedSpan>> RenderSpans(std::string_view source,
                                                      const Value& variables,
                                                      std::optional<int64_t> now,
                                                      const TemplateLimits& limits) {
  absl::StatusOr<std::unique_ptr<const ChatTemplate>> parsed = ChatTemplate::Parse(source, limits);
  if (!parsed.ok()) return parsed.status();
  return (*parsed)->Render(variables, now ? &*now : nullptr);
}

std::string RenderText(std::string_view source, std::string_view variables_json,
                       std::optional<int64_t> now, const TemplateLimits& limits) {
  const auto spans =
      RenderSpans(source, ValueFromTestJson(Json::parse(variables_json)), now, limits);
  if (spans.ok()) return TextOf(*spans);
  return "error: " + std::string(spans.status().message());
}

}  // namespace erato
