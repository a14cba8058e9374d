#include "samples/erato/lines.h"

#include <iostream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "samples/erato/handles.h"

namespace erato::command {

using Json = nlohmann::json;

namespace {

Json Parse(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception&) {
    throw Failure("[JSON] line, got " + text.substr(0, 40) + (text.size() > 40 ? "…" : "") +
                  ", expected JSON");
  }
}

}  // namespace

void AnswerLines(const std::function<std::string(const std::string&)>& answer) {
  std::string line;
  for (int64_t number = 1; std::getline(std::cin, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    try {
      const std::string text = answer(line) + "\n";
      std::cout.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    } catch (const Failure& failure) {
      throw Failure("line " + std::to_string(number) + ": " + failure.what(), failure.status());
    }
    if (!std::cout) throw Failure("[stdout] write failed");
  }
}

std::string ReadAllInput() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

std::string ParseText(const std::string& json) {
  const Json value = Parse(json);
  if (!value.is_string())
    throw Failure(std::string("[JSON] line, got ") + value.type_name() + ", expected a string");
  return value.get<std::string>();
}

std::vector<int32_t> ParseIds(const std::string& json) {
  const Json value = Parse(json);
  if (!value.is_array())
    throw Failure(std::string("[JSON] line, got ") + value.type_name() +
                  ", expected an array of ids");
  std::vector<int32_t> ids;
  ids.reserve(value.size());
  for (const Json& id : value) {
    if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<int32_t>::max()) {
      throw Failure("[JSON] id, got " +
                    id.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40) +
                    ", expected a whole number from 0");
    }
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

}  // namespace erato::command
