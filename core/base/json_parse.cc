// Reading JSON. The grammar is nlohmann-json's, the values are built here, from the leaves up: a
// container is made when it is closed, with room for exactly its members. (nlohmann's own builder
// looks for each key along the whole object, keeps the last of two values of a key, and its values
// allocate when they are destroyed, which ends the process where memory is short.)
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/status.h"
#include "nlohmann/json.hpp"

namespace erato {
namespace {

/// nlohmann's events as ours.
class Adapter {
 public:
  explicit Adapter(JsonEvents& events) : events_(events) {}
  using Theirs = nlohmann::json;

  bool null() { return events_.Null(); }
  bool boolean(bool truth) { return events_.Boolean(truth); }
  bool number_integer(int64_t number) { return events_.Negative(number); }
  bool number_unsigned(uint64_t number) { return events_.Unsigned(number); }
  bool number_float(double number, const std::string&) { return events_.Float(number); }
  bool string(std::string& text) { return events_.String(text); }
  bool binary(Theirs::binary_t&) { return false; }  // not in texts
  bool start_object(size_t) { return events_.BeginObject(); }
  bool key(std::string& name) { return events_.Key(name); }
  bool end_object() { return events_.EndObject(); }
  bool start_array(size_t) { return events_.BeginArray(); }
  bool end_array() { return events_.EndArray(); }
  bool parse_error(size_t position, const std::string&, const Theirs::exception&) {
    // The parser counts the bytes that it has taken, the one that it refused included.
    events_.Malformed(position == 0 ? 0 : position - 1);
    return false;
  }

 private:
  JsonEvents& events_;
};

class Builder final : public JsonEvents {
 public:
  Builder(std::string_view text, std::string_view where, const JsonLimits& limits)
      : text_(text), where_(where), limits_(limits) {}

  bool Null() override { return Add(Json()); }
  bool Boolean(bool truth) override { return Add(truth); }
  bool Negative(int64_t number) override { return Add(number); }
  bool Unsigned(uint64_t number) override { return Add(number); }
  bool Float(double number) override { return Add(number); }
  bool String(std::string& text) override { return Add(std::move(text)); }
  bool BeginObject() override { return Open(true); }
  bool BeginArray() override { return Open(false); }

  bool Key(std::string& name) override {
    open_.back().key = std::move(name);
    return true;
  }

  bool EndObject() override {
    Json::Object members = std::move(open_.back().members);
    if (const std::string* twice = FindDuplicateKey(members); twice != nullptr) {
      return Fail("key", Concat("'", Excerpt(*twice), "' twice"), "keys that differ");
    }
    members.shrink_to_fit();
    open_.pop_back();
    return Place(std::move(members));
  }

  bool EndArray() override {
    Json::Array items = std::move(open_.back().items);
    items.shrink_to_fit();
    open_.pop_back();
    return Place(std::move(items));
  }

  void Malformed(size_t offset) override {
    Fail(Concat("JSON at byte ", offset),
         offset < text_.size() ? Concat("'", Excerpt(text_.substr(offset), 20), "'") : "the end",
         "well-formed JSON");
  }

  absl::StatusOr<Json> Result() && {
    if (!status_.ok()) return status_;
    return std::move(root_);
  }

 private:
  /// An array or object that is not closed yet.
  struct Container {
    bool is_object = false;
    std::string key;  // of the member that comes next
    Json::Object members;
    Json::Array items;
  };

  static const std::string* FindDuplicateKey(const Json::Object& members) {
    std::vector<const std::string*> keys;
    keys.reserve(members.size());
    for (const Json::Member& member : members) keys.push_back(&member.first);
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
    open_.emplace_back().is_object = is_object;
    return Count();
  }

  bool Place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Container& parent = open_.back(); parent.is_object) {
      parent.members.emplace_back(std::move(parent.key), std::move(value));
    } else {
      parent.items.push_back(std::move(value));
    }
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

void ReadJson(std::string_view text, JsonEvents& events) {
  Adapter adapter(events);
  // False means that somebody has been told.
  (void)nlohmann::json::sax_parse(text, &adapter, nlohmann::detail::input_format_t::json,
                                  /*strict=*/true);
}

absl::StatusOr<Json> ParseJson(std::string_view text, std::string_view where,
                               const JsonLimits& limits) {
  ERATO_RETURN_IF_ERROR(CheckJsonLimits(text, where, limits));
  Builder builder(text, where, limits);
  ReadJson(text, builder);
  return std::move(builder).Result();
}

}  // namespace erato
