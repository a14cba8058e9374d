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

// Receives nlohmann's events and builds the value from the leaves up: a container is made when it
// is closed, with room for exactly its members. nlohmann's own builder looks for each key along the
// whole object, keeps the last of two values of a key, and copies all that is below an object each
// time that it grows.
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

  bool start_object(size_t) { return Open(true); }
  bool start_array(size_t) { return Open(false); }

  bool key(std::string& name) {
    open_.back().key = std::move(name);
    return true;
  }

  bool end_object() {
    std::vector<Member>& members = open_.back().members;
    if (const std::string* twice = FindDuplicateKey(members); twice != nullptr) {
      return Fail("key", Concat("'", Excerpt(*twice), "' twice"), "keys that differ");
    }
    OwnedJson object(Json::object());
    // The vector beneath the ordered map: the map's own emplace would search for the key.
    auto& made = static_cast<Json::object_t::Container&>(*object->get_ptr<Json::object_t*>());
    made.reserve(members.size());
    for (Member& member : members)
      made.emplace_back(std::move(member.first), std::move(member.second));
    return Close(std::move(*object));
  }

  bool end_array() {
    std::vector<Json>& items = open_.back().items;
    OwnedJson array(Json::array());
    array->get_ptr<Json::array_t*>()->swap(items);
    return Close(std::move(*array));
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
    return std::move(*root_);
  }

 private:
  using Member = std::pair<std::string, Json>;

  // An array or object that is not closed yet.
  struct Container {
    explicit Container(bool object) : is_object(object) {}
    Container(Container&&) noexcept = default;
    ~Container() {
      for (Json& item : items) ClearJson(item);
      for (Member& member : members) ClearJson(member.second);
    }
    bool is_object;
    std::string key;  // of the member that comes next
    std::vector<Member> members;
    std::vector<Json> items;
  };

  static const std::string* FindDuplicateKey(const std::vector<Member>& members) {
    std::vector<const std::string*> keys;
    keys.reserve(members.size());
    for (const Member& member : members) keys.push_back(&member.first);
    std::sort(keys.begin(), keys.end(), [](const auto* a, const auto* b) { return *a < *b; });
    const auto twice = std::adjacent_find(keys.begin(), keys.end(),
                                          [](const auto* a, const auto* b) { return *a == *b; });
    return twice == keys.end() ? nullptr : *twice;
  }

  bool Fail(std::string_view what, std::string_view got, std::string_view expected) {
    status_ = absl::InvalidArgumentError(
        Concat("[", where_, "] ", what, ", got ", got, ", expected ", expected));
    return false;
  }

  bool Count() {
    if (++values_ <= limits_.max_values) return true;
    return Fail("number of values", Concat("more than ", limits_.max_values), "no more");
  }

  bool Add(Json value) { return Count() && Place(std::move(value)); }

  bool Open(bool is_object) {
    open_.emplace_back(is_object);
    return Count();
  }

  bool Close(Json&& value) {
    OwnedJson closed(std::move(value));
    open_.pop_back();
    return Place(std::move(*closed));
  }

  bool Place(Json&& value) {
    if (open_.empty()) {
      root_ = OwnedJson(std::move(value));
    } else if (Container& parent = open_.back(); parent.is_object) {
      parent.members.emplace_back(std::move(parent.key), std::move(value));
    } else {
      parent.items.push_back(std::move(value));
    }
    return true;
  }

  std::string_view text_, where_;
  const JsonLimits& limits_;
  OwnedJson root_;
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

void ClearJson(Json& json) noexcept {
  if (auto* items = json.get_ptr<Json::array_t*>()) {
    for (Json& item : *items) ClearJson(item);
    items->clear();
  } else if (auto* members = json.get_ptr<Json::object_t*>()) {
    for (auto& member : *members) ClearJson(member.second);
    members->clear();
  }
}

std::string WriteJson(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Excerpt(std::string_view text, size_t max_bytes) {
  const bool whole = text.size() <= max_bytes;
  return Concat(absl::CEscape(AbslView(text.substr(0, max_bytes))), whole ? "" : "…");
}

}  // namespace erato
