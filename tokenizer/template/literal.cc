#include "tokenizer/template/literal.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

int DigitValue(char c) {
  if (absl::ascii_isdigit(c)) return c - '0';
  const char l = absl::ascii_tolower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : 99;
}

// Digits of the base from `at`, single underscores allowed between them.
size_t SkipDigits(std::string_view text, size_t at, int base, bool leading_underscore = false) {
  while (at < text.size()) {
    size_t next = at;
    if (text[next] == '_' && (leading_underscore || DigitValue(text[next - 1]) < base)) ++next;
    if (next >= text.size() || DigitValue(text[next]) >= base) break;
    at = next + 1;
    leading_underscore = false;
  }
  return at;
}

size_t FloatExtent(std::string_view text) {
  const size_t whole = SkipDigits(text, 0, 10);
  size_t end = whole;
  bool is_float = false;
  if (end + 1 < text.size() && text[end] == '.' && absl::ascii_isdigit(text[end + 1])) {
    end = SkipDigits(text, end + 1, 10);
    is_float = true;
  }
  if (end < text.size() && absl::ascii_tolower(text[end]) == 'e') {
    size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && absl::ascii_isdigit(text[exponent])) {
      end = SkipDigits(text, exponent, 10);
      is_float = true;
    }
  }
  return is_float ? end : 0;
}

int BaseOf(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  switch (absl::ascii_tolower(text[1])) {
    case 'b':
      return 2;
    case 'o':
      return 8;
    case 'x':
      return 16;
    default:
      return 10;
  }
}

// `digits` hexadecimal digits after the escape letter.
std::optional<uint32_t> HexEscape(std::string_view text, size_t at, size_t digits) {
  if (text.size() - at < digits) return std::nullopt;
  uint32_t code = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int d = DigitValue(text[at + i]);
    if (d > 15) return std::nullopt;
    code = code << 4 | static_cast<uint32_t>(d);
  }
  return code;
}

constexpr std::string_view kPlainEscapes = "\\'\"abfnrtv";
constexpr std::string_view kPlainValues = "\\'\"\a\b\f\n\r\t\v";

// A code point, or both halves of a surrogate pair. Advances `at` past it; nullopt where it is
// none.
std::optional<uint32_t> CodePointEscape(std::string_view text, size_t& at, size_t digits) {
  std::optional<uint32_t> code = HexEscape(text, at, digits);
  if (!code || *code > 0x10FFFF) return std::nullopt;
  at += digits;
  if (*code < 0xD800 || *code > 0xDFFF) return code;
  if (*code > 0xDBFF || text.substr(at, 2) != "\\u") return std::nullopt;
  const std::optional<uint32_t> low = HexEscape(text, at + 2, 4);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  at += 6;
  return 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
}

// The escape whose letter is at `at`. False where it is not well-formed.
bool AppendEscape(std::string_view text, size_t& at, std::string& out) {
  const char letter = text[at];
  if (const size_t plain = kPlainEscapes.find(letter); plain != std::string_view::npos) {
    out += kPlainValues[plain];
    ++at;
    return true;
  }
  if (letter == '\n') {  // a continued line
    ++at;
    return true;
  }
  if (letter >= '0' && letter <= '7') {
    uint32_t code = 0;
    for (int i = 0; i < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i, ++at) {
      code = code * 8 + static_cast<uint32_t>(text[at] - '0');
    }
    unicode::Append(code, out);
    return true;
  }
  const size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  if (digits == 0) {
    if (letter == 'N') return false;
    out += '\\';  // an unknown escape stands for itself
    return true;
  }
  ++at;
  const std::optional<uint32_t> code = CodePointEscape(text, at, digits);
  if (code) unicode::Append(*code, out);
  return code.has_value();
}

}  // namespace

NumberExtent MeasureNumber(std::string_view text, bool may_be_float) {
  if (text.empty() || !absl::ascii_isdigit(text[0])) return {};
  if (may_be_float) {
    if (const size_t n = FloatExtent(text); n > 0) return {n, true};
  }
  if (const int base = BaseOf(text); base != 10) {
    if (const size_t end = SkipDigits(text, 2, base, true); end > 2) return {end, false};
  }
  if (text[0] != '0') return {SkipDigits(text, 0, 10), false};
  return {SkipDigits(text, 0, 1), false};  // zeros only
}

absl::Status ParseNumber(std::string_view text, bool is_float, Token& token) {
  const std::string plain = absl::StrReplaceAll(AbslText(text), {{"_", ""}});
  const char* end = plain.data() + plain.size();
  if (is_float) {
    const auto result = std::from_chars(plain.data(), end, token.real);
    if (result.ec == std::errc() && result.ptr == end) return absl::OkStatus();
    return TemplateError(token.at, Concat("float, got ", plain, ", expected a double"));
  }
  const int base = BaseOf(plain);
  const char* begin = plain.data() + (base == 10 ? 0 : 2);
  const auto result = std::from_chars(begin, end, token.integer, base);
  if (result.ec == std::errc() && result.ptr == end) return absl::OkStatus();
  return TemplateError(token.at, Concat("integer, got ", plain, ", expected at most ", INT64_MAX));
}

absl::StatusOr<std::string> Unescape(std::string_view text, Position at) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i++];
      continue;
    }
    const size_t begin = i++;
    if (!AppendEscape(text, i, out)) {
      return TemplateError(at, Concat("string escape, got ", text.substr(begin, 6),
                                      ", expected an escape of a code point"));
    }
  }
  return out;
}

}  // namespace erato
