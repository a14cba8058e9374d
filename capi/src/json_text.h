// JSON written from left to right into one string: nothing else is allocated, so nothing is lost
// where memory ends.
#ifndef ERATO_CAPI_SRC_JSON_TEXT_H_
#define ERATO_CAPI_SRC_JSON_TEXT_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tokenizer/template/value.h"

namespace erato::capi {

/// Compact. The caller sees to it that keys, values and brackets come in an order that JSON knows.
class JsonText {
 public:
  JsonText& Open(char bracket);   // '{' or '['
  JsonText& Close(char bracket);  // '}' or ']'
  JsonText& Key(std::string_view name);
  /// Bytes that are not UTF-8 become U+FFFD.
  JsonText& Add(std::string_view text);
  JsonText& Add(const char* text) { return Add(std::string_view(text)); }
  JsonText& Add(std::integral auto value) {
    if constexpr (std::same_as<decltype(value), bool>) return Raw(value ? "true" : "false");
    return Raw(std::to_string(value));
  }
  /// The shortest digits that read back as the same number; null where it is not finite.
  JsonText& Add(double value);
  JsonText& Add(float value);
  /// A value that came from JSON.
  JsonText& Add(const Value& value);
  /// Text that is JSON already.
  JsonText& AddJson(std::string_view json) { return Raw(json); }
  JsonText& AddNull() { return Raw("null"); }

  template <typename T>
  JsonText& Field(std::string_view name, const T& value) {
    return Key(name).Add(value);
  }
  JsonText& NullField(std::string_view name) { return Key(name).AddNull(); }

  const std::string& text() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  JsonText& Raw(std::string_view text);
  template <typename T>
  JsonText& AddNumber(T value);
  void Separate();
  std::string out_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_JSON_TEXT_H_
