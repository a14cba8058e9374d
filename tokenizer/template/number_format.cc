#include "tokenizer/template/number_format.h"

#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "tokenizer/template/concat.h"

namespace erato {
namespace {

std::string Sign(bool negative, const NumberStyle& style) {
  if (negative) return "-";
  return style.sign == 0 ? "" : std::string(1, style.sign);
}

// Sign and prefix, zeros where asked, then the digits.
std::string Assemble(const std::string& head, std::string digits, const NumberStyle& style) {
  if (style.group != 0) {
    size_t end = digits.find_first_not_of("0123456789");
    if (end == std::string::npos) end = digits.size();
    for (size_t i = end; i > 3; i -= 3) digits.insert(i - 3, 1, style.group);
  }
  const size_t length = head.size() + digits.size();
  const auto width = static_cast<size_t>(style.width);
  if (style.zero && length < width) digits.insert(0, width - length, '0');
  return head + digits;
}

}  // namespace

std::string FormatInteger(int64_t value, const NumberStyle& style) {
  const bool negative = value < 0;
  uint64_t rest =
      negative ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  const char type = absl::ascii_tolower(static_cast<unsigned char>(style.type));
  const uint64_t base = type == 'x' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[rest % base]);
    rest /= base;
  } while (rest != 0);
  if (style.precision > 0 && digits.size() < static_cast<size_t>(style.precision)) {
    digits.insert(0, static_cast<size_t>(style.precision) - digits.size(), '0');
  }
  std::string head = Sign(negative, style);
  if (style.alternate && base != 10) AppendPieces(&head, "0", std::string(1, type));
  if (style.type == 'X') {
    head = absl::AsciiStrToUpper(head);
    digits = absl::AsciiStrToUpper(digits);
  }
  return Assemble(head, std::move(digits), style);
}

std::string FormatReal(Run& run, double value, const NumberStyle& style) {
  if (style.precision > 1000) {
    run.Fail(Concat("format precision, got ", style.precision, ", expected at most 1000"));
    return {};
  }
  const auto precision = static_cast<int>(style.precision);
  const double magnitude = std::abs(style.type == '%' ? value * 100 : value);
  std::string digits;
  switch (style.type) {
    case 'e':
      digits = absl::StrFormat("%.*e", precision, magnitude);
      break;
    case 'E':
      digits = absl::StrFormat("%.*E", precision, magnitude);
      break;
    case 'g':
      digits = absl::StrFormat("%.*g", precision, magnitude);
      break;
    case 'G':
      digits = absl::StrFormat("%.*G", precision, magnitude);
      break;
    case 'F':
      digits = absl::StrFormat("%.*F", precision, magnitude);
      break;
    default:
      digits = absl::StrFormat("%.*f", precision, magnitude);
  }
  if (style.type == '%') digits += '%';
  return Assemble(Sign(std::signbit(value), style), std::move(digits), style);
}

}  // namespace erato
