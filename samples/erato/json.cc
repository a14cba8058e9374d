#include "samples/erato/json.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "samples/erato/handles.h"

namespace erato::command {

using Json = nlohmann::ordered_json;

namespace {

constexpr size_t kShown = 40;  // bytes of a bad line that its message repeats

std::string Start(const std::string& text) {
  return text.size() > kShown ? text.substr(0, kShown) + "…" : text;
}

Json Parse(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception&) {
    throw Failure("[JSON] value, got " + Start(text) + ", expected JSON");
  }
}

}  // namespace

std::string ParseText(const std::string& json) {
  const Json value = Parse(json);
  if (!value.is_string()) throw Failure("[JSON] value, got " + Start(json) + ", expected a string");
  return value.get<std::string>();
}

std::vector<int32_t> ParseIds(const std::string& json) {
  const Json value = Parse(json);
  const Failure wrong("[JSON] value, got " + Start(json) + ", expected an array of token ids");
  if (!value.is_array()) throw wrong;
  std::vector<int32_t> ids;
  ids.reserve(value.size());
  for (const Json& id : value) {
    if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<int32_t>::max()) throw wrong;
    ids.push_back(id.get<int32_t>());
  }
  return ids;
}

std::string DumpText(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string DumpIds(const int32_t* ids, size_t count) {
  return Json(std::vector<int32_t>(ids, ids + count)).dump();
}

std::string Member(const std::string& object, const std::string& name) {
  const Json value = Parse(object).value(name, Json(""));
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::vector<std::string> MemberNames(const std::string& object) {
  std::vector<std::string> names;
  const Json parsed = Parse(object);  // items() borrows
  for (const auto& [name, value] : parsed.items()) names.push_back(name);
  return names;
}

std::vector<std::string> Elements(const std::string& array) {
  std::vector<std::string> elements;
  const Json parsed = Parse(array);
  for (const Json& element : parsed) elements.push_back(element.dump());
  return elements;
}

size_t CountElements(const std::string& array) { return Parse(array).size(); }

std::string Indented(const std::string& json) { return Parse(json).dump(1); }

}  // namespace erato::command
