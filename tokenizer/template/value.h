// Values of the template language: what Jinja sees of Python. Strings know which of their bytes the
// template wrote.
//
// Values are immutable once built (as in Python's ImmutableSandboxedEnvironment), so that copies
// share and any number of threads may read them. The one thing that a template may change is a
// namespace, which lives for one rendering.
#ifndef ERATO_TOKENIZER_TEMPLATE_VALUE_H_
#define ERATO_TOKENIZER_TEMPLATE_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/inlined_vector.h"

namespace erato {

/// Text with its origin: runs of bytes, each scaffold (from the template) or content (from the
/// caller).
class MarkedString {
 public:
  using Runs = absl::InlinedVector<std::pair<size_t, bool>, 2>;

  MarkedString() = default;
  MarkedString(std::string text, bool scaffold);
  const std::string& text() const { return text_; }
  size_t size() const { return text_.size(); }
  bool ScaffoldAt(size_t byte) const;
  /// True where every byte is scaffold; so for the empty string.
  bool AllScaffold() const;
  void Append(const MarkedString& other);
  void Append(std::string_view text, bool scaffold);
  /// Appends bytes [begin, end) of `other`, which is another object.
  void AppendSlice(const MarkedString& other, size_t begin, size_t end);
  MarkedString Slice(size_t begin, size_t end) const;  // bytes
  /// Python's Markup, what `safe` and `escape` give: + escapes what is added to it, and escape
  /// leaves it alone.
  bool markup() const { return markup_; }
  void set_markup() { markup_ = true; }
  void Reserve(size_t bytes) { text_.reserve(bytes); }
  /// (end of run, scaffold) in order, ends strictly rising, last = size().
  const Runs& runs() const { return runs_; }

 private:
  std::string text_;
  Runs runs_;
  bool markup_ = false;
};

class Value;
struct ListValue;
struct Mapping;
struct Object;  // macro, method, function, iterator, namespace, …; the interpreter's own (object.h)
using List = std::vector<Value>;
using Dict = std::vector<std::pair<std::string, Value>>;  // keeps order; small, so look-up walks
using StringRef = std::shared_ptr<const MarkedString>;

/// None, undefined, boolean, integer, float, string, list, tuple, dict or object.
class Value {
 public:
  /// What was looked for, for messages: a variable (`owner` null), an attribute of an `owner` of
  /// that type, or, where `owner` is empty, `name` is the whole message.
  struct Undefined {
    const char* owner = nullptr;
    StringRef name;
    std::string Message() const;
  };
  Value() = default;  // none
  Value(bool value) : value_(value) {}
  Value(int64_t value) : value_(value) {}
  Value(double value) : value_(value) {}
  Value(MarkedString value) : value_(std::make_shared<const MarkedString>(std::move(value))) {}
  Value(StringRef value) : value_(std::move(value)) {}
  /// A string of the caller: content.
  static Value Content(std::string text) { return Value(MarkedString(std::move(text), false)); }
  /// A string that may hold control tokens: the template's own, or the model's (bos_token,
  /// eos_token).
  static Value Scaffold(std::string text) { return Value(MarkedString(std::move(text), true)); }
  Value(List value);
  Value(Dict value);  // keys are content
  Value(std::shared_ptr<const ListValue> value) : value_(std::move(value)) {}
  Value(std::shared_ptr<const Mapping> value) : value_(std::move(value)) {}
  Value(std::shared_ptr<Object> value) : value_(std::move(value)) {}
  Value(Undefined value) : value_(std::move(value)) {}
  template <typename T>
  Value(T*) = delete;  // a pointer is not a boolean
  static Value Tuple(List items);

  /// T: Undefined, bool, int64_t or double.
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&value_);
  }
  const MarkedString* string() const { return Pointee<StringRef>(); }
  const ListValue* sequence() const { return Pointee<std::shared_ptr<const ListValue>>(); }
  const Mapping* mapping() const { return Pointee<std::shared_ptr<const Mapping>>(); }
  Object* object() const {
    const auto* p = std::get_if<std::shared_ptr<Object>>(&value_);
    return p == nullptr ? nullptr : p->get();
  }
  /// The shared owner of what string(), sequence(), mapping() or object() points to.
  template <typename T>
  const std::shared_ptr<T>* Shared() const {
    return std::get_if<std::shared_ptr<T>>(&value_);
  }
  bool IsNone() const { return std::holds_alternative<std::monostate>(value_); }
  bool IsUndefined() const { return std::holds_alternative<Undefined>(value_); }
  /// Levels of containers: 0 for a plain value, 1 for a list of plain values.
  int depth() const;

 private:
  template <typename Ref>
  const typename Ref::element_type* Pointee() const {
    const Ref* p = std::get_if<Ref>(&value_);
    return p == nullptr ? nullptr : p->get();
  }

  std::variant<std::monostate, Undefined, bool, int64_t, double, StringRef,
               std::shared_ptr<const ListValue>, std::shared_ptr<const Mapping>,
               std::shared_ptr<Object>>
      value_;
};

/// A list or a tuple.
struct ListValue {
  ListValue(List items, bool is_tuple);
  List items;
  int depth;
  bool is_tuple;
  bool is_group = false;  // of groupby: has attributes grouper and list
};

/// A dict: any plain value may be a key.
struct Mapping {
  using Entries = std::vector<std::pair<Value, Value>>;
  explicit Mapping(Entries entries);
  const Value* Find(std::string_view key) const;
  Entries entries;
  int depth;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_VALUE_H_
