// Equality, order, membership and dict keys, as Python defines them.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

// -1, 0, 1; 2 where a NaN is among them. Exact for integers beyond 2^53.
int CompareNumbers(const Value& a, const Value& b) {
  const std::optional<int64_t> i = AsInteger(a), j = AsInteger(b);
  if (i && j) return *i < *j ? -1 : *i > *j;
  const double x = *AsNumber(a), y = *AsNumber(b);
  if (std::isnan(x) || std::isnan(y)) return 2;
  return x < y ? -1 : x > y;
}

bool EqualDicts(Run& run, const Mapping& a, const Mapping& b) {
  if (a.entries.size() != b.entries.size()) return false;
  for (const auto& [key, value] : a.entries) {
    const Value* other = Lookup(run, b, key);
    if (other == nullptr || !Equal(run, value, *other)) return false;
  }
  return true;
}

bool EqualRanges(const Range& a, const Range& b) {
  return a.size == b.size && (a.size == 0 || a.start == b.start) &&
         (a.size < 2 || a.step == b.step);
}

}  // namespace

bool IsTrue(const Value& value) {
  if (const bool* b = value.As<bool>()) return *b;
  if (const int64_t* i = value.As<int64_t>()) return *i != 0;
  if (const double* d = value.As<double>()) return *d != 0;
  if (value.IsNone() || value.IsUndefined()) return false;
  const std::optional<int64_t> length = LengthOf(value);
  return !length || *length > 0;
}

std::optional<int64_t> AsInteger(const Value& value) {
  if (const int64_t* i = value.As<int64_t>()) return *i;
  if (const bool* b = value.As<bool>()) return *b ? 1 : 0;
  return std::nullopt;
}

std::optional<double> AsNumber(const Value& value) {
  if (const double* d = value.As<double>()) return *d;
  if (const std::optional<int64_t> i = AsInteger(value)) return static_cast<double>(*i);
  return std::nullopt;
}

bool Equal(Run& run, const Value& a, const Value& b) {
  const Deeper deeper(run);
  if (!deeper || !run.Spend(1)) return false;
  if (AsNumber(a) && AsNumber(b)) return CompareNumbers(a, b) == 0;
  if (const MarkedString* s = a.string()) {
    const MarkedString* t = b.string();
    if (t == nullptr || s->size() != t->size()) return false;
    run.SpendBytes(s->size());
    return s->text() == t->text();
  }
  if (a.IsNone() || b.IsNone()) return a.IsNone() && b.IsNone();
  if (a.IsUndefined() || b.IsUndefined()) return a.IsUndefined() && b.IsUndefined();
  if (const ListValue* s = a.sequence()) {
    const ListValue* t = b.sequence();
    if (t == nullptr || s->is_tuple != t->is_tuple || s->items.size() != t->items.size()) {
      return false;
    }
    for (size_t i = 0; i < s->items.size(); ++i) {
      if (!Equal(run, s->items[i], t->items[i])) return false;
    }
    return true;
  }
  if (const Mapping* m = a.mapping())
    return b.mapping() != nullptr && EqualDicts(run, *m, *b.mapping());
  const Object *o = a.object(), *p = b.object();
  if (o == nullptr || p == nullptr) return false;
  if (o->kind == Object::Kind::kRange && p->kind == o->kind) {
    return EqualRanges(static_cast<const Range&>(*o), static_cast<const Range&>(*p));
  }
  return o == p;
}

bool Less(Run& run, const Value& a, const Value& b) {
  const Deeper deeper(run);
  if (!deeper || !run.Spend(1)) return false;
  if (AsNumber(a) && AsNumber(b)) return CompareNumbers(a, b) == -1;
  if (a.string() != nullptr && b.string() != nullptr) {
    run.SpendBytes(std::min(a.string()->size(), b.string()->size()));
    return a.string()->text() < b.string()->text();  // bytes of UTF-8 sort as code points do
  }
  const ListValue *s = a.sequence(), *t = b.sequence();
  if (s != nullptr && t != nullptr && s->is_tuple == t->is_tuple) {
    const size_t n = std::min(s->items.size(), t->items.size());
    for (size_t i = 0; i < n; ++i) {
      if (!Equal(run, s->items[i], t->items[i])) return Less(run, s->items[i], t->items[i]);
    }
    return s->items.size() < t->items.size();
  }
  for (const Value* v : {&a, &b}) {
    if (const auto* u = v->As<Value::Undefined>()) {
      run.Fail(u->Message());
      return false;
    }
  }
  run.Fail(Concat("comparison, got ", TypeName(a), " and ", TypeName(b),
                  ", expected values that have an order"));
  return false;
}

bool Contains(Run& run, const Value& container, const Value& item) {
  if (const MarkedString* text = container.string()) {
    const MarkedString* part = item.string();
    if (part == nullptr) {
      run.Fail(Concat("in a string, got ", TypeName(item), ", expected a string"));
      return false;
    }
    run.SpendBytes(text->size());
    return absl::string_view(text->text()).find(part->text()) != absl::string_view::npos;
  }
  if (const Mapping* dict = container.mapping()) return Lookup(run, *dict, item) != nullptr;
  const Object* o = container.object();
  if (o != nullptr && o->kind == Object::Kind::kView &&
      static_cast<const View*>(o)->of == View::Of::kKeys) {
    return Lookup(run, *static_cast<const View*>(o)->mapping, item) != nullptr;
  }
  const Items items = ItemsOf(run, container);
  for (const Value& other : *items) {
    if (!run.ok()) return false;
    if (Equal(run, other, item)) return true;
  }
  return false;
}

bool Compare(Run& run, Operator op, const Value& a, const Value& b) {
  switch (op) {
    case Operator::kEqual:
      return Equal(run, a, b);
    case Operator::kNotEqual:
      return !Equal(run, a, b);
    case Operator::kLess:
      return Less(run, a, b);
    case Operator::kGreater:
      return Less(run, b, a);
    case Operator::kIn:
      return Contains(run, b, a);
    case Operator::kNotIn:
      return !Contains(run, b, a);
    default:
      break;
  }
  // <= and >=: not the reverse of > and < where a NaN takes part.
  const Value &low = op == Operator::kLessEqual ? a : b, &high = op == Operator::kLessEqual ? b : a;
  if (AsNumber(low) && AsNumber(high)) {
    const int order = CompareNumbers(low, high);
    return order == -1 || order == 0;
  }
  return !Less(run, high, low);
}

bool CheckHashable(Run& run, const Value& key) {
  const Deeper deeper(run);
  if (!deeper) return false;
  const ListValue* s = key.sequence();
  const Object* o = key.object();
  const bool keys = o != nullptr && o->kind == Object::Kind::kView &&
                    static_cast<const View*>(o)->of != View::Of::kValues;
  if (key.mapping() != nullptr || keys || (s != nullptr && !s->is_tuple)) {
    run.Fail(Concat("key, got a ", TypeName(key), ", expected a hashable value"));
    return false;
  }
  if (s != nullptr) {
    return std::all_of(s->items.begin(), s->items.end(),
                       [&](const Value& item) { return CheckHashable(run, item); });
  }
  return true;
}

const Value* Lookup(Run& run, const Mapping& dict, const Value& key) {
  run.Spend(1 + static_cast<int64_t>(dict.entries.size() / 16));
  if (const MarkedString* name = key.string()) return dict.Find(name->text());
  if (!CheckHashable(run, key)) return nullptr;
  for (const auto& [other, value] : dict.entries) {
    if (!run.ok()) return nullptr;
    if (Equal(run, other, key)) return &value;
  }
  return nullptr;
}

void Insert(Run& run, Mapping::Entries& entries, Value key, Value value) {
  if (!CheckHashable(run, key)) return;
  run.Spend(static_cast<int64_t>(entries.size() / 16));
  for (auto& [other, slot] : entries) {
    if (!run.ok()) return;
    const MarkedString *s = key.string(), *t = other.string();
    const bool same =
        s != nullptr && t != nullptr ? s->text() == t->text() : Equal(run, other, key);
    if (!same) continue;
    slot = std::move(value);
    return;
  }
  entries.emplace_back(std::move(key), std::move(value));
}

std::string HashKey(Run& run, const Value& value) {
  if (!CheckHashable(run, value)) return {};
  if (const MarkedString* s = value.string()) return Concat("s", s->text());
  if (const std::optional<int64_t> i = AsInteger(value)) return Concat("n", *i);
  if (const double* d = value.As<double>()) {
    if (*d == std::floor(*d) && std::abs(*d) < 9e18) {
      return Concat("n", static_cast<int64_t>(*d));
    }
    return Concat("f", FormatFloat(*d));
  }
  if (const ListValue* s = value.sequence()) {
    const Deeper deeper(run);
    if (!deeper) return {};
    std::string key = "(";
    for (const Value& item : s->items) {
      const std::string part = HashKey(run, item);
      AppendPieces(&key, part.size(), ":", part);
    }
    return key;
  }
  if (value.IsNone()) return "N";
  if (value.IsUndefined()) return "U";
  return Concat("o", reinterpret_cast<uintptr_t>(value.object()));
}

}  // namespace erato
