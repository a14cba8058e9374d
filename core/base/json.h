// JSON behind one door: parsed with limits on size, depth and number of values, looked at, written.
// An object keeps the order of its keys, and look-up walks it: fine for configurations, wrong for a
// table of a hundred thousand keys (iterate over such a one).
#ifndef ERATO_CORE_BASE_JSON_H_
#define ERATO_CORE_BASE_JSON_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace erato {

/// A value. Numbers without fraction and exponent are integers where 64 bits hold them: int64_t
/// below zero, else uint64_t.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  // in the order of the text; keys differ

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(std::same_as<bool> auto truth) : value_(truth) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T number) {
    if (std::cmp_less(number, 0)) {
      value_ = static_cast<int64_t>(number);
    } else {
      value_ = static_cast<uint64_t>(number);
    }
  }
  Json(std::floating_point auto number) : value_(static_cast<double>(number)) {}
  Json(std::string text) : value_(std::move(text)) {}
  Json(const char* text) : value_(std::string(text)) {}
  Json(Array items) : value_(std::move(items)) {}
  Json(Object members) : value_(std::move(members)) {}
  Json(const Json& other);
  Json(Json&&) noexcept = default;
  Json& operator=(const Json& other);
  Json& operator=(Json&&) noexcept = default;
  ~Json() = default;

  bool is_null() const { return Holds<std::monostate>(); }
  bool is_boolean() const { return Holds<bool>(); }
  bool is_number() const { return is_integer() || Holds<double>(); }
  bool is_integer() const { return Holds<int64_t>() || is_unsigned(); }
  bool is_unsigned() const { return Holds<uint64_t>(); }
  bool is_string() const { return Holds<std::string>(); }
  bool is_array() const { return Holds<Array>(); }
  bool is_object() const { return Holds<Object>(); }
  /// "null", "boolean", "number", "string", "array", "object".
  const char* type_name() const;

  /// What it holds; null where that is something else.
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  /// Items or members; 0 of what has none.
  size_t size() const;
  /// An item of an array that has it.
  const Json& operator[](size_t index) const { return std::get<Array>(value_)[index]; }
  /// A member of an object; null where it is not there, or where this is no object.
  const Json* Find(std::string_view name) const;
  /// What it holds as a T: a boolean, a number as any type of number, or a std::string. The caller
  /// has looked: std::bad_variant_access where it holds another kind.
  template <typename T>
  T get() const {
    if constexpr (!std::is_arithmetic_v<T> || std::same_as<T, bool>) {
      return std::get<T>(value_);
    } else {
      if (const auto* n = std::get_if<uint64_t>(&value_)) return static_cast<T>(*n);
      if (const auto* n = std::get_if<int64_t>(&value_)) return static_cast<T>(*n);
      return static_cast<T>(std::get<double>(value_));
    }
  }

  /// visitor(what it holds): std::monostate, bool, int64_t, uint64_t, double, text, Array, Object.
  template <typename F>
  decltype(auto) Visit(F&& visitor) const {
    return std::visit(std::forward<F>(visitor), value_);
  }

  friend bool operator==(const Json& a, const Json& b) { return a.value_ == b.value_; }

 private:
  template <typename T>
  bool Holds() const {
    return std::holds_alternative<T>(value_);
  }

  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Array, Object> value_;
};

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

/// What is in a text, in its order, for whoever wants no values of it. False ends the reading.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual bool Null() = 0;
  virtual bool Boolean(bool truth) = 0;
  virtual bool Negative(int64_t number) = 0;
  virtual bool Unsigned(uint64_t number) = 0;
  virtual bool Float(double number) = 0;
  virtual bool String(std::string& text) = 0;  // may be moved from, as keys
  virtual bool BeginObject() = 0;
  virtual bool Key(std::string& name) = 0;
  virtual bool EndObject() = 0;
  virtual bool BeginArray() = 0;
  virtual bool EndArray() = 0;
  /// The byte at `offset` has no place there, or the text ends. The last event.
  virtual void Malformed(size_t offset) = 0;
};
/// CheckJsonLimits comes first.
void ReadJson(std::string_view text, JsonEvents& events);

/// Compact; invalid UTF-8 in strings becomes U+FFFD.
std::string WriteJson(const Json& value);
/// A text of well-formed UTF-8 in quotes.
void AppendJsonString(std::string_view text, std::string& out);

/// `text` as it may stand in a message: at most `max_bytes` bytes of it, control characters and
/// non-ASCII bytes escaped.
std::string Excerpt(std::string_view text, size_t max_bytes = 40);

}  // namespace erato

#endif  // ERATO_CORE_BASE_JSON_H_
