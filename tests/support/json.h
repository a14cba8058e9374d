// JSON that tests make, read and change at will; the library's own is for reading alone.
#ifndef ERATO_TESTS_SUPPORT_JSON_H_
#define ERATO_TESTS_SUPPORT_JSON_H_

#include <fstream>
#include <string>

#include "core/base/json.h"
#include "nlohmann/json.hpp"

namespace erato::test {

using Json = nlohmann::ordered_json;

/// A file's JSON. Throws, which fails a test, where it is none.
inline Json ReadJsonFile(const std::string& path) {
  std::ifstream in(path);
  return Json::parse(in);
}

/// The same value as the library has it.
inline erato::Json Parsed(const Json& json) { return ParseJson(json.dump(), "test").value(); }

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_JSON_H_
