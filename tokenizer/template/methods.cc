// Look-up of methods, and those of dicts, lists, loops and cyclers.
#include "tokenizer/template/methods.h"

#include <algorithm>
#include <cmath>

#include "tokenizer/template/loop.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

Value MakeView(const Value& self, View::Of of) {
  return Value(std::shared_ptr<Object>(std::make_shared<View>(*self.Shared<const Mapping>(), of)));
}

Value Get(Run& run, const Value& self, const Bound& args) {
  const Value* value =
      CheckHashable(run, args[0]) ? Lookup(run, *self.mapping(), args[0]) : nullptr;
  if (value != nullptr) return *value;
  return args.Has(1) ? args[1] : Value();
}
Value Keys(Run&, const Value& self, const Bound&) { return MakeView(self, View::Of::kKeys); }
Value Values(Run&, const Value& self, const Bound&) { return MakeView(self, View::Of::kValues); }
Value ItemsView(Run&, const Value& self, const Bound&) { return MakeView(self, View::Of::kItems); }
Value Copy(Run&, const Value& self, const Bound&) { return self; }

Value Count(Run& run, const Value& self, const Bound& args) {
  int64_t n = 0;
  const Items items = ItemsOf(run, self);
  for (const Value& item : *items) {
    if (!run.ok()) return {};
    n += Equal(run, item, args[0]);
  }
  return Value(n);
}

Value Index(Run& run, const Value& self, const Bound& args) {
  const Items items = ItemsOf(run, self);
  const auto size = static_cast<int64_t>(items->size());
  const auto clamp = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t end = clamp(args.Integer(2, size));
  for (int64_t i = clamp(args.Integer(1, 0)); i < end && run.ok(); ++i) {
    if (Equal(run, (*items)[static_cast<size_t>(i)], args[0])) return Value(i);
  }
  return run.Fail("index, got a value that is not in the list");
}

Value Cycle(Run& run, const Value& self, const Bound& args) {
  const auto& choices = args.raw().positional;
  if (choices.empty()) return run.Fail("loop.cycle, got no items, expected at least one");
  const auto index = static_cast<size_t>(static_cast<Loop*>(self.object())->index0);
  return choices[index % choices.size()];
}
Value Changed(Run& run, const Value& self, const Bound& args) {
  return static_cast<Loop*>(self.object())->Changed(run, args.raw());
}

Value CyclerNext(Run&, const Value& self, const Bound&) {
  auto& cycler = static_cast<Cycler&>(*self.object());
  const List& items = cycler.items.sequence()->items;
  const Value& item = items[cycler.position];
  cycler.position = (cycler.position + 1) % items.size();
  return item;
}
Value CyclerReset(Run&, const Value& self, const Bound&) {
  static_cast<Cycler&>(*self.object()).position = 0;
  return {};
}

Value IsInteger(Run&, const Value& self, const Bound&) {
  const double d = *self.As<double>();
  return Value(std::isfinite(d) && d == std::floor(d));
}

constexpr Method kDict[] = {{"copy", {"", 0}, Copy},
                            {"get", {"key default", 1}, Get},
                            {"items", {"", 0}, ItemsView},
                            {"keys", {"", 0}, Keys},
                            {"values", {"", 0}, Values}};
constexpr Method kList[] = {{"count", {"value", 1}, Count},
                            {"index", {"value start stop", 1}, Index},
                            {"copy", {"", 0}, Copy}};
constexpr Method kLoop[] = {{"changed", {"*", 0}, Changed}, {"cycle", {"*", 0}, Cycle}};
constexpr Method kCycler[] = {{"next", {"", 0}, CyclerNext}, {"reset", {"", 0}, CyclerReset}};
constexpr Method kFloat[] = {{"is_integer", {"", 0}, IsInteger}};

const Method* Find(absl::Span<const Method> methods, std::string_view name) {
  for (const Method& method : methods) {
    if (method.name == name) return &method;
  }
  return nullptr;
}

}  // namespace

const Method* FindMethod(const Value& self, std::string_view name) {
  if (self.string() != nullptr) {
    for (const auto& group : {StringMethods(), StringShapeMethods(), StringQueryMethods()}) {
      if (const Method* method = Find(group, name)) return method;
    }
    return nullptr;
  }
  if (self.mapping() != nullptr) return Find(kDict, name);
  if (const ListValue* s = self.sequence()) {
    return Find(s->is_tuple ? absl::MakeSpan(kList).first(2) : absl::MakeSpan(kList), name);
  }
  if (self.As<double>() != nullptr) return Find(kFloat, name);
  const Object* o = self.object();
  if (o != nullptr && o->kind == Object::Kind::kRange) {
    return Find(absl::MakeSpan(kList).first(2), name);
  }
  if (o != nullptr && o->kind == Object::Kind::kLoop) return Find(kLoop, name);
  if (o != nullptr && o->kind == Object::Kind::kCycler) return Find(kCycler, name);
  return nullptr;
}

Value CallMethod(Run& run, const Method& method, const Value& self, const Arguments& args) {
  const Bound bound(run, method.name, method.signature, args);
  return run.ok() ? method.call(run, self, bound) : Value();
}

}  // namespace erato
