#include "core/base/json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

// Receives nlohmann's events and builds the value, counting. nlohmann's own builder would look for
// each key along the whole object, quadratic for a hostile one, and keep the last of two values of
// a key.
class Builder {
 public:
  Builder(std::string_view text, std::string_view where, const JsonLimits& limits)
      : text_(text), where_(where), limits_(limits) {}

  bool null() { return Add(Json(nullptr)); }
  bool boolean(bool value) { return Add(Json(value)); }
  bool number_integer(Json::number_integer_t value) { return Add(Json(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return Add(Json(value)); }
  bool number_float(Json::number_float_t value, const std::string&) { return Add(Json(value)); }
  bool string(std::string& value) { return Add(Json(std::move(value))); }
  bool binary(Json::binary_t&) { return Fail("value", "binary", "JSON"); }
  bool start_object(size_t) { return Open(Json::object()); }
  bool start_array(size_t) { return Open(Json::array()); }
  bool end_object() {
    const std::string* twice = FindDuplicateKey();
    if (twice != nullptr)
      return Fail("key", Concat("'", Excerpt(*twice), "' twice"), "keys that differ");
    return Close();
  }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(size_t position, const std::string&, const Json::exception&) {
    // The parser counts the bytes that it has taken, the one that it refused included.
    const size_t at = position == 0 ? 0 : position - 1;
    return Fail(Concat("JSON at byte ", at),
                at < text_.size() ? Concat("'", Excerpt(text_.substr(at), 20), "'") : "the end",
                "well-formed JSON");
  }

  absl::StatusOr<Json> Result() && {
    if (!status_.ok()) return status_;
    return std::move(root_);
  }

 private:
  struct Container {
    Json* value;
    std::string key;  // of the member that comes next
  };

  bool Fail(std::string_view what, std::string_view got, std::string_view expected) {
    status_ = absl::InvalidArgumentError(
        Concat("[", where_, "] ", what, ", got ", got, ", expected ", expected));
    return false;
  }

  Json* Place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Container& parent = open_.back();
    if (parent.value->is_array()) {
      auto& items = *parent.value->get_ptr<Json::array_t*>();
      items.push_back(std::move(value));
      return &items.back();
    }
    Members& members = MembersOf(*parent.value);
    members.emplace_back(std::move(parent.key), std::move(value));
    return &members.back().second;
  }

  // The vector beneath the ordered map: the map's own emplace would search for the key.
  using Members = Json::object_t::Container;
  static Members& MembersOf(Json& object) {
    return static_cast<Members&>(*object.get_ptr<Json::object_t*>());
  }

  // A key that the innermost open object has twice, or null.
  const std::string* FindDuplicateKey() {
    std::vector<const std::string*> keys;
    for (const auto& member : MembersOf(*open_.back().value)) keys.push_back(&member.first);
    std::sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a < *b; });
    const auto twice = std::adjacent_find(keys.begin(), keys.end(),
                                          [](const auto* a, const auto* b) { return *a == *b; });
    return twice == keys.end() ? nullptr : *twice;
  }

  bool Count() {
    if (++values_ <= limits_.max_values) return true;
    return Fail("number of values", Concat("more than ", limits_.max_values), "no more");
  }
  bool Add(Json value) {
    if (!Count()) return false;
    Place(std::move(value));
    return true;
  }
  bool Open(Json value) {
    if (!Count()) return false;
    // Addresses stay valid while a container is open: only its own members are appended to
    // meanwhile.
    open_.push_back({Place(std::move(value)), {}});
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_, where_;
  const JsonLimits& limits_;
  Json root_;
  std::vector<Container> open_;
  size_t values_ = 0;
  absl::Status status_;
};

// Between two strings or brackets there is a number, a word or space: nothing that is ever long.
constexpr size_t kMaxGapBytes = size_t{1} << 20;

absl::Status LimitError(std::string_view where, std::string_view what, size_t at, size_t limit) {
  return absl::ResourceExhaustedError(Concat("[", where, "] ", what, " of JSON at byte ", at,
                                             ", got more than ", limit, ", expected no more"));
}

}  // namespace

absl::Status CheckJsonLimits(std::string_view text, std::string_view where,
                             const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return absl::ResourceExhaustedError(Concat("[", where, "] size of JSON, got ", text.size(),
                                               " bytes, expected at most ", limits.max_bytes));
  }
  int depth = 0;
  size_t token = 0;  // begin of the string or gap that we are in
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i - token > (in_string ? limits.max_string_bytes : kMaxGapBytes)) {
      return LimitError(where, in_string ? "string" : "space", token,
                        in_string ? limits.max_string_bytes : kMaxGapBytes);
    }
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
      token = i;
    } else if (!in_string && std::string_view("[]{},:").find(c) != std::string_view::npos) {
      token = i;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      if (depth > limits.max_depth)
        return LimitError(where, "depth", i, static_cast<size_t>(limits.max_depth));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view where,
                               const JsonLimits& limits) {
  ERATO_RETURN_IF_ERROR(CheckJsonLimits(text, where, limits));
  Builder builder(text, where, limits);
  // False means that the builder has recorded a status.
  (void)Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, /*strict=*/true);
  return std::move(builder).Result();
}

std::string WriteJson(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Excerpt(std::string_view text, size_t max_bytes) {
  const bool whole = text.size() <= max_bytes;
  return Concat(absl::CEscape(AbslView(text.substr(0, max_bytes))), whole ? "" : "…");
}

}  // namespace erato
