#include "tokenizer/template/tests.h"

#include <algorithm>

#include "tokenizer/template/filters.h"
#include "tokenizer/template/operations.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

using Kind = Object::Kind;

bool IsKind(const Value& value, std::initializer_list<Kind> kinds) {
  const Object* o = value.object();
  return o != nullptr && std::find(kinds.begin(), kinds.end(), o->kind) != kinds.end();
}

bool Defined(Run&, const Value& v, const Bound&) { return !v.IsUndefined(); }
bool Undefined(Run&, const Value& v, const Bound&) { return v.IsUndefined(); }
bool None(Run&, const Value& v, const Bound&) { return v.IsNone(); }
bool String(Run&, const Value& v, const Bound&) { return v.string() != nullptr; }
bool Number(Run&, const Value& v, const Bound&) { return AsNumber(v).has_value(); }
bool Integer(Run&, const Value& v, const Bound&) { return v.As<int64_t>() != nullptr; }
bool Float(Run&, const Value& v, const Bound&) { return v.As<double>() != nullptr; }
bool Boolean(Run&, const Value& v, const Bound&) { return v.As<bool>() != nullptr; }
bool True(Run&, const Value& v, const Bound&) { return v.As<bool>() != nullptr && *v.As<bool>(); }
bool False(Run&, const Value& v, const Bound&) { return v.As<bool>() != nullptr && !*v.As<bool>(); }
bool Dict(Run&, const Value& v, const Bound&) { return v.mapping() != nullptr; }
bool Never(Run&, const Value&, const Bound&) { return false; }

bool IsSequence(Run&, const Value& v, const Bound&) {
  return v.sequence() != nullptr || v.string() != nullptr || v.mapping() != nullptr ||
         v.IsUndefined() || IsKind(v, {Kind::kRange});
}

bool Iterable(Run&, const Value& v, const Bound&) {
  return v.sequence() != nullptr || v.string() != nullptr || v.mapping() != nullptr ||
         v.IsUndefined() || IsKind(v, {Kind::kRange, Kind::kView, Kind::kIterator, Kind::kLoop});
}

bool Callable(Run&, const Value& v, const Bound&) {
  return v.IsUndefined() ||
         IsKind(v, {Kind::kMacro, Kind::kMethod, Kind::kGlobal, Kind::kLoop, Kind::kJoiner});
}

bool SameAs(Run& run, const Value& v, const Bound& args) {
  const Value& other = args[0];
  if (v.object() != nullptr || other.object() != nullptr) return v.object() == other.object();
  if (v.sequence() != nullptr || other.sequence() != nullptr)
    return v.sequence() == other.sequence();
  if (v.mapping() != nullptr || other.mapping() != nullptr) return v.mapping() == other.mapping();
  return TypeName(v) == TypeName(other) && Equal(run, v, other);
}

bool In(Run& run, const Value& v, const Bound& args) { return Contains(run, args[0], v); }

template <Operator op>
bool Compares(Run& run, const Value& v, const Bound& args) {
  return Compare(run, op, v, args[0]);
}

bool Remains(Run& run, const Value& v, const Value& divisor, int64_t remainder) {
  return Equal(run, Arithmetic(run, Operator::kModulo, v, divisor), Value(remainder));
}
bool Odd(Run& run, const Value& v, const Bound&) { return Remains(run, v, Value(int64_t{2}), 1); }
bool Even(Run& run, const Value& v, const Bound&) { return Remains(run, v, Value(int64_t{2}), 0); }
bool DivisibleBy(Run& run, const Value& v, const Bound& args) {
  return Remains(run, v, args[0], 0);
}

template <bool upper>
bool HasCase(Run& run, const Value& v, const Bound&) {
  const MarkedString text = TextOf(run, v);
  bool cased = false;
  for (size_t at = 0; at < text.size();) {
    const unicode::Char c = unicode::At(text.text(), at);
    if (upper ? unicode::IsLower(c.code) : unicode::IsUpper(c.code)) return false;
    cased |= upper ? unicode::IsUpper(c.code) : unicode::IsLower(c.code);
    at += c.bytes;
  }
  return cased;
}

bool KnownFilter(Run&, const Value& v, const Bound&) {
  return v.string() != nullptr && FindFilter(v.string()->text()) != nullptr;
}
bool KnownTest(Run&, const Value& v, const Bound&) {
  return v.string() != nullptr && FindTest(v.string()->text()) != nullptr;
}

constexpr Signature kNone{"", 0};
constexpr Signature kOther{"other", 1};

constexpr Test kTests[] = {
    {"defined", kNone, Defined},
    {"undefined", kNone, Undefined},
    {"none", kNone, None},
    {"string", kNone, String},
    {"number", kNone, Number},
    {"integer", kNone, Integer},
    {"float", kNone, Float},
    {"boolean", kNone, Boolean},
    {"true", kNone, True},
    {"false", kNone, False},
    {"mapping", kNone, Dict},
    {"sequence", kNone, IsSequence},
    {"iterable", kNone, Iterable},
    {"callable", kNone, Callable},
    {"escaped", kNone, Never},
    {"odd", kNone, Odd},
    {"even", kNone, Even},
    {"lower", kNone, HasCase<false>},
    {"upper", kNone, HasCase<true>},
    {"filter", kNone, KnownFilter},
    {"test", kNone, KnownTest},
    {"divisibleby", {"num", 1}, DivisibleBy},
    {"sameas", kOther, SameAs},
    {"in", {"seq", 1}, In},
    {"==", kOther, Compares<Operator::kEqual>},
    {"eq", kOther, Compares<Operator::kEqual>},
    {"equalto", kOther, Compares<Operator::kEqual>},
    {"!=", kOther, Compares<Operator::kNotEqual>},
    {"ne", kOther, Compares<Operator::kNotEqual>},
    {"<", kOther, Compares<Operator::kLess>},
    {"lt", kOther, Compares<Operator::kLess>},
    {"lessthan", kOther, Compares<Operator::kLess>},
    {"<=", kOther, Compares<Operator::kLessEqual>},
    {"le", kOther, Compares<Operator::kLessEqual>},
    {">", kOther, Compares<Operator::kGreater>},
    {"gt", kOther, Compares<Operator::kGreater>},
    {"greaterthan", kOther, Compares<Operator::kGreater>},
    {">=", kOther, Compares<Operator::kGreaterEqual>},
    {"ge", kOther, Compares<Operator::kGreaterEqual>},
};

}  // namespace

const Test* FindTest(std::string_view name) {
  for (const Test& test : kTests) {
    if (test.name == name) return &test;
  }
  return nullptr;
}

bool CallTest(Run& run, const Test& test, const Value& value, const Arguments& args) {
  const Bound bound(run, test.name, test.signature, args);
  return run.ok() && test.call(run, value, bound);
}

}  // namespace erato
