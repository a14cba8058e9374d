// Filters on numbers, and the conversion of text to numbers.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/filters.h"
#include "tokenizer/template/marked_text.h"
#include "tokenizer/template/operations.h"

namespace erato {
namespace {

std::string Stripped(const MarkedString& text) {
  return marked::Strip(text, nullptr, marked::Side::kBoth).text();
}

// Underscores only between digits; removed. False where they stand elsewhere.
bool RemoveUnderscores(std::string& text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    const bool between = i > 0 && i + 1 < text.size() &&
                         absl::ascii_isalnum(static_cast<unsigned char>(text[i - 1])) &&
                         absl::ascii_isalnum(static_cast<unsigned char>(text[i + 1]));
    if (!between) return false;
  }
  text = absl::StrReplaceAll(text, {{"_", ""}});
  return true;
}

enum class Parsed { kYes, kNo, kTooLarge };

// As int(text, base).
Parsed ParseInteger(const MarkedString& marked, int64_t base, int64_t& value) {
  std::string text = Stripped(marked);
  if (!RemoveUnderscores(text) || text.empty()) return Parsed::kNo;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.erase(0, 1);
  if (text.size() > 2 && text[0] == '0') {
    const char letter = absl::ascii_tolower(static_cast<unsigned char>(text[1]));
    const int64_t prefix = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (prefix != 0 && (base == prefix || base == 0)) {
      text.erase(0, 2);
      base = prefix;
    }
  }
  if (base == 0) base = 10;
  if (text.empty() || !absl::ascii_isalnum(static_cast<unsigned char>(text[0]))) return Parsed::kNo;
  if (negative) text = Concat("-", text);
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, static_cast<int>(base));
  if (result.ptr != end) return Parsed::kNo;
  return result.ec == std::errc() ? Parsed::kYes : Parsed::kTooLarge;
}

// As float(text).
std::optional<double> ParseFloat(const MarkedString& marked) {
  std::string text = Stripped(marked);
  if (!RemoveUnderscores(text) || text.empty()) return std::nullopt;
  if (text[0] == '+') {
    text.erase(0, 1);
    if (text.empty() || text[0] == '-') return std::nullopt;
  }
  const std::string word = absl::AsciiStrToLower(text);
  if (word == "nan(" || absl::ascii_tolower(static_cast<unsigned char>(text.back())) == ')')
    return std::nullopt;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ptr != end || result.ec == std::errc::invalid_argument) return std::nullopt;
  if (result.ec == std::errc::result_out_of_range) {
    const size_t e = word.find('e');
    const bool tiny = e != std::string::npos && word.substr(e).find('-') != std::string::npos;
    return std::copysign(tiny ? 0.0 : HUGE_VAL, text[0] == '-' ? -1.0 : 1.0);
  }
  return value;
}

Value TooLarge(Run& run) { return run.Fail("integer, got more than 64 bits, expected less"); }

Value FromFloat(Run& run, double value, const Value& otherwise) {
  if (!std::isfinite(value)) return otherwise;
  if (std::abs(value) >= 9.2233720368547758e18) return TooLarge(run);
  return Value(static_cast<int64_t>(value));
}

Value Integer(Run& run, const Value& input, const Bound& args) {
  Value otherwise = args.Has(0) ? args[0] : Value(int64_t{0});
  if (const auto* u = input.As<Value::Undefined>()) return run.Fail(u->Message());
  if (const std::optional<int64_t> i = AsInteger(input)) return Value(*i);
  if (const double* d = input.As<double>()) {
    if (std::isinf(*d)) return run.Fail("int, got an infinity, expected a finite number");
    return FromFloat(run, *d, otherwise);
  }
  const MarkedString* text = input.string();
  if (text == nullptr) return otherwise;
  const int64_t base = args.Integer(1, 10);
  if (base == 0 || (base >= 2 && base <= 36)) {
    int64_t value = 0;
    const Parsed parsed = ParseInteger(*text, base, value);
    if (parsed == Parsed::kYes) return Value(value);
    if (parsed == Parsed::kTooLarge) return TooLarge(run);
  }
  const std::optional<double> value = ParseFloat(*text);
  return value ? FromFloat(run, *value, otherwise) : otherwise;
}

Value Float(Run& run, const Value& input, const Bound& args) {
  if (const auto* u = input.As<Value::Undefined>()) return run.Fail(u->Message());
  if (const std::optional<double> value = AsNumber(input)) return Value(*value);
  if (const MarkedString* text = input.string()) {
    if (const std::optional<double> value = ParseFloat(*text)) return Value(*value);
  }
  return args.Has(0) ? args[0] : Value(0.0);
}

Value Absolute(Run& run, const Value& input, const Bound&) {
  if (const double* d = input.As<double>()) return Value(std::abs(*d));
  if (const std::optional<int64_t> i = AsInteger(input)) return Negate(run, Value(*i), *i < 0);
  if (const auto* u = input.As<Value::Undefined>()) return run.Fail(u->Message());
  return run.Fail(Concat("abs, got ", TypeName(input), ", expected a number"));
}

// Correct rounding of the decimal, half to even, as round() does.
double RoundTo(double value, int precision) {
  if (!std::isfinite(value)) return value;
  if (precision >= 0) {
    double rounded = value;
    return absl::SimpleAtod(absl::StrFormat("%.*f", precision, value), &rounded) ? rounded : value;
  }
  const double scale = std::pow(10.0, -precision);
  return std::nearbyint(value / scale) * scale;
}

Value RoundInteger(Run& run, int64_t value, int64_t precision) {
  if (precision >= 0) return Value(value);
  if (precision < -18) return Value(int64_t{0});
  int64_t scale = 1;
  for (int64_t i = precision; i < 0; ++i) scale *= 10;
  int64_t rest = value % scale, base = value - rest;
  if (rest < 0) {
    rest += scale;
    base -= scale;
  }
  const bool up = rest > scale / 2 || (rest == scale / 2 && (base / scale) % 2 != 0);
  return up ? Arithmetic(run, Operator::kAdd, Value(base), Value(scale)) : Value(base);
}

Value Round(Run& run, const Value& input, const Bound& args) {
  const int64_t precision = args.Integer(0, 0);
  const MarkedString* method = args.String(1);
  const std::string name = method == nullptr ? "common" : method->text();
  if (name != "common" && name != "ceil" && name != "floor") {
    return run.Fail(Concat("round method, got ", name, ", expected common, ceil or floor"));
  }
  const std::optional<double> number = AsNumber(input);
  if (!number) {
    if (const auto* u = input.As<Value::Undefined>()) return run.Fail(u->Message());
    return run.Fail(Concat("round, got ", TypeName(input), ", expected a number"));
  }
  if (precision > 300 || precision < -300) {
    return run.Fail(Concat("round precision, got ", precision, ", expected at most 300"));
  }
  if (name == "common") {
    const std::optional<int64_t> i = AsInteger(input);
    return i ? RoundInteger(run, *i, precision)
             : Value(RoundTo(*number, static_cast<int>(precision)));
  }
  const double scale = std::pow(10.0, static_cast<double>(precision));
  const double scaled = *number * scale;
  if (!std::isfinite(scaled)) return run.Fail("round, got no finite number, expected one");
  // + 0.0: Python rounds to an integer, which has no negative zero.
  return Value(((name == "ceil" ? std::ceil(scaled) : std::floor(scaled)) + 0.0) / scale);
}

Value Sum(Run& run, const Value& input, const Bound& args) {
  const AttributePath path(run, args.Get(0));
  Value total = args.Has(1) ? args[1] : Value(int64_t{0});
  if (total.string() != nullptr) return run.Fail("sum start, got a string, expected a number");
  const Items items = ItemsOf(run, input);
  for (const Value& item : *items) {
    if (!run.Spend(1)) return {};
    total = Arithmetic(run, Operator::kAdd, total, path.Get(run, item, nullptr));
  }
  return total;
}

Value FileSize(Run& run, const Value& input, const Bound& args) {
  std::optional<double> number = AsNumber(input);
  if (input.string() != nullptr) number = ParseFloat(*input.string());
  if (!number) return run.Fail("filesizeformat, got another value, expected a number");
  static constexpr std::array<const char*, 8> kDecimal = {"kB", "MB", "GB", "TB",
                                                          "PB", "EB", "ZB", "YB"};
  static constexpr std::array<const char*, 8> kBinary = {"KiB", "MiB", "GiB", "TiB",
                                                         "PiB", "EiB", "ZiB", "YiB"};
  const bool binary = args.Truth(0, false);
  const double base = binary ? 1024 : 1000;
  if (*number == 1) return Value::Content("1 Byte");
  if (*number < base) {
    return Value::Content(
        absl::StrFormat("%d Bytes", static_cast<int64_t>(std::max(*number, -9e18))));
  }
  double unit = base;
  size_t i = 0;
  while (i + 1 < kDecimal.size() && *number >= unit * base) {
    unit *= base;
    ++i;
  }
  return Value::Content(
      absl::StrFormat("%.1f %s", *number / unit, (binary ? kBinary : kDecimal)[i]));
}

constexpr Filter kFilters[] = {
    {"abs", {"", 0}, Absolute},
    {"filesizeformat", {"binary", 0}, FileSize},
    {"float", {"default", 0}, Float},
    {"int", {"default base", 0}, Integer},
    {"round", {"precision method", 0}, Round},
    {"sum", {"attribute start", 0}, Sum},
};

}  // namespace

absl::Span<const Filter> NumberFilters() { return kFilters; }

}  // namespace erato
