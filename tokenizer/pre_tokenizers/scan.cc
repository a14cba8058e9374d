#include "tokenizer/pre_tokenizers/scan.h"

#include "absl/strings/ascii.h"

namespace erato {

size_t ContractionBytes(std::string_view text, size_t at, bool any_case) {
  auto letter = [&](size_t i) -> char {
    if (at + i >= text.size()) return '\0';
    return any_case ? absl::ascii_tolower(static_cast<unsigned char>(text[at + i])) : text[at + i];
  };
  if (letter(0) != '\'') return 0;
  const char first = letter(1), second = letter(2);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
  if ((first == 'r' || first == 'v') && second == 'e') return 3;
  if (first == 'l' && second == 'l') return 3;
  if (any_case && text.substr(at + 1, 2) == "\xC5\xBF") return 3;  // U+017F
  return 0;
}

size_t EndOfSpaces(Cursor cursor) {
  const size_t begin = cursor.at;
  size_t last = cursor.at, after_newline = begin;
  while (cursor.IsAnySpace()) {
    last = cursor.at;
    if (cursor.Is(UnicodeClass::kNewline)) after_newline = cursor.at + cursor.bytes;
    cursor.Next();
  }
  if (after_newline != begin) return after_newline;
  return cursor.at_end() || last == begin ? cursor.at : last;
}

size_t EndOfNumber(Cursor cursor, int most) {
  for (int i = 0; i < most && cursor.Is(UnicodeClass::kNumber); ++i) cursor.Next();
  return cursor.at;
}

}  // namespace erato
