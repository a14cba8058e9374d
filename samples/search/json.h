// JSON as it is printed: one line an object, keys in the order of their writing.
#ifndef ERATO_SAMPLES_SEARCH_JSON_H_
#define ERATO_SAMPLES_SEARCH_JSON_H_

#include <cstdio>
#include <nlohmann/json.hpp>

namespace search {

using Json = nlohmann::ordered_json;

/// Names of files need not be UTF-8; what is not becomes U+FFFD.
inline void PrintJson(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_JSON_H_
