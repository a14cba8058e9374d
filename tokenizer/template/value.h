// Values of the template language: what Jinja sees of Python. Strings know which of their bytes the template wrote.
#ifndef ERATO_TOKENIZER_TEMPLATE_VALUE_H_
#define ERATO_TOKENIZER_TEMPLATE_VALUE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace erato {

class Value;

/// Text with its origin: runs of bytes, each scaffold (from the template) or content (from the caller).
class MarkedString {
 public:
  MarkedString() = default;
  MarkedString(std::string text, bool scaffold);
  const std::string& text() const { return text_; }
  size_t size() const { return text_.size(); }
  bool ScaffoldAt(size_t byte) const;
  void Append(const MarkedString& other);
  void Append(std::string_view text, bool scaffold);
  MarkedString Slice(size_t begin, size_t end) const;  // bytes
  /// (end of run, scaffold) in order, ends strictly rising, last = size().
  const std::vector<std::pair<size_t, bool>>& runs() const { return runs_; }

 private:
  std::string text_;
  std::vector<std::pair<size_t, bool>> runs_;
};

using List = std::vector<Value>;
using Dict = std::vector<std::pair<std::string, Value>>;  // keeps order; small, so look-up walks
struct Callable;  // macro, method or built-in function; the interpreter's own

/// None, undefined, boolean, integer, float, string, list, dict or callable. Lists and dicts are shared by reference, as
/// in Python.
class Value {
 public:
  struct Undefined { std::string name; };  // what was looked for, for messages
  Value() = default;                       // none
  Value(bool value) : value_(value) {}
  Value(int64_t value) : value_(value) {}
  Value(double value) : value_(value) {}
  Value(MarkedString value) : value_(std::move(value)) {}
  /// A string of the caller: content.
  static Value Content(std::string text) { return Value(MarkedString(std::move(text), false)); }
  Value(List value) : value_(std::make_shared<List>(std::move(value))) {}
  Value(Dict value) : value_(std::make_shared<Dict>(std::move(value))) {}
  Value(std::shared_ptr<Callable> value) : value_(std::move(value)) {}
  Value(Undefined value) : value_(std::move(value)) {}
  template <typename T> Value(T*) = delete;  // a pointer is not a boolean

  template <typename T> const T* As() const { return std::get_if<T>(&value_); }
  template <typename T> T* As() { return std::get_if<T>(&value_); }
  bool IsNone() const { return std::holds_alternative<std::monostate>(value_); }

 private:
  std::variant<std::monostate, Undefined, bool, int64_t, double, MarkedString, std::shared_ptr<List>, std::shared_ptr<Dict>,
               std::shared_ptr<Callable>> value_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_VALUE_H_
