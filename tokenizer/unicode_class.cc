#include "tokenizer/unicode_class.h"

#include <utf8proc.h>

#include <array>

namespace erato {
namespace {

constexpr std::array<UnicodeClass, 128> AsciiClasses() {
  std::array<UnicodeClass, 128> classes{};
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = classes[c + 'a' - 'A'] = UnicodeClass::kLetter;
  for (int c = '0'; c <= '9'; ++c) classes[c] = UnicodeClass::kNumber;
  // Tab, vertical tab, form feed, space; line feed, carriage return.
  for (size_t c : {0x09, 0x0B, 0x0C, 0x20}) classes[c] = UnicodeClass::kSpace;
  for (size_t c : {0x0A, 0x0D}) classes[c] = UnicodeClass::kNewline;
  return classes;
}

constexpr std::array<UnicodeClass, 128> kAscii = AsciiClasses();

// White_Space beyond ASCII (PropList.txt of the Unicode Character Database).
bool IsWideSpace(char32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

UnicodeClass UnicodeClassOf(char32_t value) {
  if (value < 128) return kAscii[value];
  if (IsWideSpace(value)) return UnicodeClass::kSpace;
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(value));
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
    return UnicodeClass::kLetter;
  if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
    return UnicodeClass::kNumber;
  return UnicodeClass::kOther;
}

}  // namespace erato
