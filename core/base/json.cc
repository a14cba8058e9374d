#include "core/base/json.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "core/base/concat.h"

namespace erato {
namespace {

// Receives nlohmann's events and builds the value. It stops at the first limit or duplicate key,
// before anything is built from it; nlohmann's own builder would look for each key along the whole
// object, quadratic for a hostile one.
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
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    if (!open_.back().keys.insert(name).second) {
      return Fail("key", Concat("'", Excerpt(name), "' twice"), "keys that differ");
    }
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
    absl::flat_hash_set<std::string> keys;
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
    // The vector beneath the ordered map: its own emplace would search for the key.
    using Members = Json::object_t::Container;
    auto& members = static_cast<Members&>(*parent.value->get_ptr<Json::object_t*>());
    members.emplace_back(std::move(parent.key), std::move(value));
    return &members.back().second;
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
    if (open_.size() >= static_cast<size_t>(limits_.max_depth)) {
      return Fail("depth", Concat("more than ", limits_.max_depth),
                  "no more nested arrays and objects");
    }
    // Addresses stay valid while a container is open: only its own members are appended to
    // meanwhile.
    open_.push_back({Place(std::move(value)), {}, {}});
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

}  // namespace

absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view where,
                               const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return absl::ResourceExhaustedError(Concat("[", where, "] size of JSON, got ", text.size(),
                                               " bytes, expected at most ", limits.max_bytes));
  }
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
