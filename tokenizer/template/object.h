// The values that only a running template has: ranges, views, iterators, namespaces, loops, macros,
// functions.
#ifndef ERATO_TOKENIZER_TEMPLATE_OBJECT_H_
#define ERATO_TOKENIZER_TEMPLATE_OBJECT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tokenizer/template/value.h"

namespace erato {

struct Statement;
struct Method;
struct Global;

struct Object {
  enum class Kind {
    kRange,
    kView,
    kIterator,
    kNamespace,
    kLoop,
    kMacro,
    kMethod,
    kGlobal,
    kCycler,
    kJoiner
  };
  Object(Kind k, int d) : kind(k), depth(d) {}
  virtual ~Object() = default;
  const Kind kind;
  int depth;  // as Value::depth
};

/// range(start, stop, step); `size` items, which stop need not be reached by.
struct Range : Object {
  Range(int64_t a, int64_t o, int64_t s, int64_t n)
      : Object(Kind::kRange, 0), start(a), stop(o), step(s), size(n) {}
  int64_t start, stop, step, size;
};

/// dict.keys(), values() and items().
struct View : Object {
  enum class Of { kKeys, kValues, kItems };
  View(std::shared_ptr<const Mapping> m, Of o)
      : Object(Kind::kView, m->depth + 1), mapping(std::move(m)), of(o) {}
  std::shared_ptr<const Mapping> mapping;
  Of of;
};

/// What a generator is in Python: always true, without a length, empty once read. Its items are
/// computed beforehand; an error on the way is kept until somebody reads that far.
struct Iterator : Object {
  Iterator(List list, absl::Status status);
  List items;
  size_t next = 0;
  absl::Status pending;
};

/// The one thing that a template may change. The rendering owns all of them (Run::Adopt) and
/// empties them at its end, since they may hold each other.
struct Namespace : Object {
  Namespace() : Object(Kind::kNamespace, 0) {}
  std::vector<std::pair<std::string, Value>> attributes;
  const Value* Find(std::string_view name) const;
  void Set(std::string_view name, Value value);
};

/// Names a scope without keeping it alive: valid while the scope at `index` still has this serial.
struct ScopeRef {
  size_t index = 0;
  uint64_t serial = 0;
};

/// A macro, or the body of a call block. `declaration` belongs to the template.
struct Macro : Object {
  Macro(const Statement* d, ScopeRef s) : Object(Kind::kMacro, 0), declaration(d), scope(s) {}
  const Statement* declaration;
  ScopeRef scope;
};

/// A method bound to what it was read from, as `x.strip` without its call.
struct BoundMethod : Object {
  BoundMethod(Value v, const Method* m)
      : Object(Kind::kMethod, v.depth() + 1), receiver(std::move(v)), method(m) {}
  Value receiver;
  const Method* method;
};

/// A built-in function.
struct GlobalFunction : Object {
  explicit GlobalFunction(const Global* g) : Object(Kind::kGlobal, 0), global(g) {}
  const Global* global;
};

struct Cycler : Object {
  explicit Cycler(Value list) : Object(Kind::kCycler, list.depth() + 1), items(std::move(list)) {}
  Value items;
  size_t position = 0;
};

struct Joiner : Object {
  explicit Joiner(Value s) : Object(Kind::kJoiner, 0), separator(std::move(s)) {}
  Value separator;
  bool used = false;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_OBJECT_H_
