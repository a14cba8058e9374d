// The `loop` variable, which is also what drives a for: it pulls one item after the other, so that
// the loop's own `if` sees what the body has changed before.
#ifndef ERATO_TOKENIZER_TEMPLATE_LOOP_H_
#define ERATO_TOKENIZER_TEMPLATE_LOOP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "tokenizer/template/arguments.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/run.h"

namespace erato {

struct Loop : Object {
  using Test = std::function<bool(const Value&)>;
  /// An error where `iterable` is none. `test` may be empty.
  Loop(Run& run, const Value& iterable, Test test, int64_t depth0);

  /// Moves to the next item; false at the end.
  bool Advance(Run& run);
  /// Forgets everything that it holds: a loop may be kept by a namespace, and hold it.
  void Finish();

  /// index, first, last, …; nullopt where `name` is none of them.
  std::optional<Value> Attribute(Run& run, std::string_view name);
  Value Changed(Run& run, const Arguments& args);

  Value current;
  int64_t index0 = -1;
  const int64_t depth0;
  // For a recursive loop: what to run again.
  const Statement* statement = nullptr;
  ScopeRef scope;

 private:
  bool Pull(Run& run, Value& item);
  const std::optional<Value>& Peek(Run& run);
  int64_t Length(Run& run);
  static Value NoItem(std::string_view message);

  std::shared_ptr<Object> iterator_;  // keeps alive, and is used up
  Items items_;
  size_t next_ = 0;
  Test test_;
  std::optional<Value> peeked_;
  std::optional<int64_t> length_;
  Value previous_;
  std::optional<Value> changed_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_LOOP_H_
