// JSON behind one door: parsed with limits on size, depth and number of values, written without
// exceptions. Everything else about JSON is nlohmann-json's. An object keeps the order of its keys,
// and look-up walks it: fine for configurations, wrong for a table of a hundred thousand keys
// (iterate over such a one).
#ifndef ERATO_CORE_BASE_JSON_H_
#define ERATO_CORE_BASE_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

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
/// Makes `json` an empty container of its kind. nlohmann's destructor allocates for a container
/// that is not empty, and where memory is short the process ends: whoever destroys such a value
/// clears it first, or owns it as OwnedJson.
void ClearJson(Json& json) noexcept;

/// A value that is cleared before it is destroyed.
class OwnedJson {
 public:
  OwnedJson() = default;
  explicit OwnedJson(Json&& json) noexcept : json_(std::move(json)) {}
  OwnedJson(OwnedJson&& other) noexcept : json_(std::move(other.json_)) {}
  OwnedJson& operator=(OwnedJson&& other) noexcept {
    json_.swap(other.json_);
    return *this;
  }
  ~OwnedJson() { ClearJson(json_); }

  Json& operator*() { return json_; }
  const Json& operator*() const { return json_; }
  Json* operator->() { return &json_; }
  const Json* operator->() const { return &json_; }

 private:
  Json json_;
};

/// Compact; invalid UTF-8 in strings becomes U+FFFD.
std::string WriteJson(const Json& value);

/// `text` as it may stand in a message: at most `max_bytes` bytes of it, control characters and
/// non-ASCII bytes escaped.
std::string Excerpt(std::string_view text, size_t max_bytes = 40);

}  // namespace erato

#endif  // ERATO_CORE_BASE_JSON_H_
