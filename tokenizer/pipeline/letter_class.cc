#include "tokenizer/pipeline/letter_class.h"

#include <utf8proc.h>

#include "absl/strings/ascii.h"
#include "tokenizer/pipeline/young_letters.h"
#include "tokenizer/unicode_class.h"

namespace erato::letter {
namespace {

utf8proc_category_t Category(char32_t value) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(value));
}

bool IsAscii(char32_t value) { return value < 0x80; }

}  // namespace

bool IsSpace(char32_t value) { return erato::IsSpace(UnicodeClassOf(value)); }

bool IsControl(char32_t value) {
  if (value == '\t' || value == '\n' || value == '\r') return false;
  if (IsAscii(value)) return absl::ascii_iscntrl(static_cast<unsigned char>(value));
  switch (Category(value)) {
    case UTF8PROC_CATEGORY_CF:
      return !IsYoungFormat(value);
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
      return true;
    default:
      return false;
  }
}

bool IsMark(char32_t value) {
  if (IsAscii(value)) return false;
  const utf8proc_category_t category = Category(value);
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME &&
         !IsYoungMark(value);
}

bool IsNonspacing(char32_t value) {
  if (IsAscii(value)) return false;
  if (value == 0x1734) return true;  // until Unicode 14
  return Category(value) == UTF8PROC_CATEGORY_MN && !IsYoungNonspacing(value);
}

bool IsNumeric(char32_t value) { return UnicodeClassOf(value) == UnicodeClass::kNumber; }

bool IsPunctuation(char32_t value) {
  if (IsAscii(value)) return absl::ascii_ispunct(static_cast<unsigned char>(value));
  const utf8proc_category_t category = Category(value);
  if (value == 0x166D || value == 0x111C9) return true;  // until Unicode 12 and 11
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO &&
         !IsYoungPunctuation(value);
}

// Alphabetic, marks, decimal digits, connectors, joiners. Alphabetic letters that are neither in L*
// nor Nl nor marks are the circled and squared ones (PropList.txt, Other_Alphabetic).
bool IsWord(char32_t value) {
  if (IsAscii(value)) {
    return absl::ascii_isalnum(static_cast<unsigned char>(value)) || value == '_';
  }
  if ((value >= 0x24B6 && value <= 0x24E9) || (value >= 0x1F130 && value <= 0x1F149) ||
      (value >= 0x1F150 && value <= 0x1F169) || (value >= 0x1F170 && value <= 0x1F189)) {
    return true;
  }
  if (value == 0x200C || value == 0x200D) return true;
  const utf8proc_category_t category = Category(value);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NL) ||
         category == UTF8PROC_CATEGORY_PC;
}

bool IsIdeograph(char32_t value) {
  const auto in = [value](char32_t low, char32_t high) { return value >= low && value <= high; };
  return in(0x4E00, 0x9FFF) || in(0x3400, 0x4DBF) || in(0x20000, 0x2A6DF) || in(0x2A700, 0x2B73F) ||
         in(0x2B740, 0x2B81F) || in(0x2B920, 0x2CEAF) || in(0xF900, 0xFAFF) || in(0x2F800, 0x2FA1F);
}

}  // namespace erato::letter
