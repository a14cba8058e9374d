// JSON behind one door: parsed with a depth and a size limit, written without exceptions. Everything else about JSON is
// nlohmann-json's.
#ifndef ERATO_CORE_BASE_JSON_H_
#define ERATO_CORE_BASE_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace erato {

using Json = nlohmann::ordered_json;

struct JsonLimits {
  size_t max_bytes = size_t{64} << 20;
  int max_depth = 64;  // nested arrays and objects
};

/// Errors name `where`, the byte offset and what was found. Duplicate keys of an object are an error.
absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view where, const JsonLimits& limits = {});
/// Compact; invalid UTF-8 in strings becomes U+FFFD.
std::string WriteJson(const Json& value);

}  // namespace erato

#endif  // ERATO_CORE_BASE_JSON_H_
