// + - * / // % ** on numbers, strings and lists. Python's integers have no bound; ours have 64
// bits, and more is an error.
#include <cmath>
#include <utility>

#include "tokenizer/template/concat.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

constexpr const char* NameOf(Operator op) {
  switch (op) {
    case Operator::kAdd:
      return "+";
    case Operator::kSubtract:
      return "-";
    case Operator::kMultiply:
      return "*";
    case Operator::kDivide:
      return "/";
    case Operator::kFloorDivide:
      return "//";
    case Operator::kModulo:
      return "%";
    default:
      return "**";
  }
}

Value Overflow(Run& run) { return run.Fail("integer, got a result beyond 64 bits, expected less"); }

Value ZeroDivision(Run& run) { return run.Fail("division, got zero as the divisor"); }

Value Power(Run& run, int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) return ZeroDivision(run);
    return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) return Overflow(run);
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) return Overflow(run);
  }
  return Value(result);
}

Value Integers(Run& run, Operator op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Operator::kAdd:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Operator::kSubtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Operator::kMultiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    case Operator::kDivide:
      if (b == 0) return ZeroDivision(run);
      return Value(static_cast<double>(a) / static_cast<double>(b));
    case Operator::kFloorDivide:
    case Operator::kModulo:
      if (b == 0) return ZeroDivision(run);
      if (b == -1) {  // the only quotient that overflows
        if (op == Operator::kModulo) return Value(int64_t{0});
        overflow = __builtin_sub_overflow(int64_t{0}, a, &result);
        break;
      }
      if (op == Operator::kFloorDivide) {
        result = a / b - (a % b != 0 && (a < 0) != (b < 0));
      } else {
        result = a % b;
        if (result != 0 && (result < 0) != (b < 0)) result += b;
      }
      break;
    default:
      return Power(run, a, b);
  }
  return overflow ? Overflow(run) : Value(result);
}

Value FloatPower(Run& run, double a, double b) {
  if (a == 0 && b < 0) return ZeroDivision(run);
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) {
    return run.Fail("power, got a complex result, expected a real one");
  }
  const double result = std::pow(a, b);
  if (std::isinf(result) && std::isfinite(a) && std::isfinite(b)) {
    return run.Fail("power, got a result beyond a double, expected less");
  }
  return Value(result);
}

Value Floats(Run& run, Operator op, double a, double b) {
  switch (op) {
    case Operator::kAdd:
      return Value(a + b);
    case Operator::kSubtract:
      return Value(a - b);
    case Operator::kMultiply:
      return Value(a * b);
    case Operator::kPower:
      return FloatPower(run, a, b);
    default:
      break;
  }
  if (b == 0) return ZeroDivision(run);
  if (op == Operator::kDivide) return Value(a / b);
  // As in CPython: the remainder has the sign of the divisor, the quotient is that of what is left.
  double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;
  if (remainder != 0) {
    if ((b < 0) != (remainder < 0)) {
      remainder += b;
      quotient -= 1;
    }
  } else {
    remainder = std::copysign(0.0, b);
  }
  if (op == Operator::kModulo) return Value(remainder);
  if (quotient == 0) return Value(std::copysign(0.0, a / b));
  const double floor = std::floor(quotient);
  return Value(quotient - floor > 0.5 ? floor + 1 : floor);
}

Value RepeatString(Run& run, const MarkedString& text, int64_t times) {
  if (times <= 0 || text.size() == 0) return Value(MarkedString());
  int64_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(text.size()), times, &bytes) ||
      !run.AllowBytes(static_cast<size_t>(bytes))) {
    return run.FailLimit("bytes of a string", "max_output_bytes");
  }
  MarkedString out;
  out.Reserve(static_cast<size_t>(bytes));
  for (int64_t i = 0; i < times; ++i) out.Append(text);
  return Value(std::move(out));
}

Value RepeatList(Run& run, const ListValue& list, int64_t times) {
  List out;
  int64_t items = 0;
  if (times < 0) times = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(list.items.size()), times, &items) ||
      !run.AllowItems(items)) {
    return run.FailLimit("items of a list", "max_list_items");
  }
  out.reserve(static_cast<size_t>(items));
  for (int64_t i = 0; i < times && items > 0; ++i) {
    out.insert(out.end(), list.items.begin(), list.items.end());
  }
  return list.is_tuple ? run.MakeTuple(std::move(out)) : run.MakeList(std::move(out));
}

// The side that is no markup is escaped.
Value AddMarkup(Run& run, const MarkedString& a, const MarkedString& b) {
  MarkedString sum = a.markup() ? a : marked::EscapeHtml(a);
  sum.Append(b.markup() ? b : marked::EscapeHtml(b));
  sum.set_markup();
  return run.MakeString(std::move(sum));
}

Value AddLists(Run& run, const ListValue& a, const ListValue& b) {
  if (!run.AllowItems(static_cast<int64_t>(a.items.size() + b.items.size()))) return {};
  List out = a.items;
  out.insert(out.end(), b.items.begin(), b.items.end());
  return a.is_tuple ? run.MakeTuple(std::move(out)) : run.MakeList(std::move(out));
}

}  // namespace

Value Arithmetic(Run& run, Operator op, const Value& a, const Value& b) {
  const std::optional<int64_t> i = AsInteger(a), j = AsInteger(b);
  if (i && j) return Integers(run, op, *i, *j);
  const std::optional<double> x = AsNumber(a), y = AsNumber(b);
  if (x && y) return Floats(run, op, *x, *y);
  const MarkedString *s = a.string(), *t = b.string();
  if (op == Operator::kModulo && s != nullptr) return FormatPercent(run, *s, b);
  for (const Value* v : {&a, &b}) {
    if (const auto* u = v->As<Value::Undefined>()) return run.Fail(u->Message());
  }
  if (op == Operator::kAdd && s != nullptr && t != nullptr) {
    if (!run.AllowBytes(s->size() + t->size())) return {};
    if (s->markup() || t->markup()) return AddMarkup(run, *s, *t);
    MarkedString sum = *s;
    sum.Append(*t);
    return Value(std::move(sum));
  }
  const ListValue *l = a.sequence(), *m = b.sequence();
  if (op == Operator::kAdd && l != nullptr && m != nullptr && l->is_tuple == m->is_tuple) {
    return AddLists(run, *l, *m);
  }
  if (op == Operator::kMultiply) {
    if (s != nullptr && j) return RepeatString(run, *s, *j);
    if (t != nullptr && i) return RepeatString(run, *t, *i);
    if (l != nullptr && j) return RepeatList(run, *l, *j);
    if (m != nullptr && i) return RepeatList(run, *m, *i);
  }
  return run.Fail(Concat("operator ", NameOf(op), ", got ", TypeName(a), " and ", TypeName(b),
                         ", expected types that it takes"));
}

Value Negate(Run& run, const Value& value, bool negative) {
  if (const double* d = value.As<double>()) return Value(negative ? -*d : *d);
  if (const std::optional<int64_t> i = AsInteger(value)) {
    return negative ? Integers(run, Operator::kSubtract, 0, *i) : Value(*i);
  }
  if (const auto* u = value.As<Value::Undefined>()) return run.Fail(u->Message());
  return run.Fail(Concat("sign, got ", TypeName(value), ", expected a number"));
}

}  // namespace erato
