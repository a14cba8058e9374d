// JSON behind one door: parsed with limits on size, depth and number of values, written without
// exceptions. Everything else about JSON is nlohmann-json's. An object keeps the order of its keys,
// and look-up walks it: fine for configurations, wrong for a table of a hundred thousand keys
// (iterate over such a one).
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
  int max_depth = 64;                    // nested arrays and objects
  size_t max_values = size_t{16} << 20;  // of every kind, containers included
  size_t max_string_bytes = size_t{16} << 20;
};

/// Errors name `where`, the byte offset and what was found. Duplicate keys of an object are an
/// error.
absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view where,
                               const JsonLimits& limits = {});
/// What ParseJson asks before it parses: size, depth, lengths of strings and of what lies between
/// them. A text that passes may still be no JSON; one that is JSON and passes takes bounded memory
/// to parse.
absl::Status CheckJsonLimits(std::string_view text, std::string_view where,
                             const JsonLimits& limits);
/// Compact; invalid UTF-8 in strings becomes U+FFFD.
std::string WriteJson(const Json& value);

/// `text` as it may stand in a message: at most `max_bytes` bytes of it, control characters and
/// non-ASCII bytes escaped.
std::string Excerpt(std::string_view text, size_t max_bytes = 40);

}  // namespace erato

#endif  // ERATO_CORE_BASE_JSON_H_
