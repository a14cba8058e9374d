// What the scanners share: a cursor that knows the class of what lies before it.
#ifndef ERATO_TOKENIZER_PRE_TOKENIZERS_SCAN_H_
#define ERATO_TOKENIZER_PRE_TOKENIZERS_SCAN_H_

#include <cstddef>
#include <string_view>

#include "tokenizer/unicode_class.h"
#include "tokenizer/utf8.h"

namespace erato {

/// A position in well-formed text and the code point there. At the end `bytes` is 0 and nothing but
/// `at_end` holds.
struct Cursor {
  Cursor(std::string_view text, size_t at) : text(text), at(at) { Look(); }

  bool at_end() const { return bytes == 0; }
  bool Is(UnicodeClass c) const { return !at_end() && unicode_class == c; }
  bool IsAnySpace() const { return !at_end() && IsSpace(unicode_class); }
  void Next() {
    at += bytes;
    Look();
  }
  /// The end of the run of `c` from here.
  size_t EndOfRun(UnicodeClass c) const {
    Cursor cursor = *this;
    while (cursor.Is(c)) cursor.Next();
    return cursor.at;
  }

  std::string_view text;
  size_t at = 0;
  char32_t value = 0;
  size_t bytes = 0;
  UnicodeClass unicode_class = UnicodeClass::kOther;

 private:
  void Look() {
    if (at >= text.size()) {
      bytes = 0;
      return;
    }
    const CodePoint c = DecodeCodePoint(text, at);
    value = c.value;
    bytes = c.bytes;
    unicode_class = UnicodeClassOf(value);
  }
};

/// Bytes of an English contraction at `at` ('s 't 're 've 'm 'll 'd), or 0. `any_case`: S and s
/// alike, and U+017F, which is an s to a case-insensitive expression.
size_t ContractionBytes(std::string_view text, size_t at, bool any_case);

/// The end of a run of white space by \s*[\r\n]+|\s+(?!\S)|\s+: up to its last newline; without one
/// all of it at the text's end, else all but the last.
size_t EndOfSpaces(Cursor cursor);

/// The end of `most` numbers or fewer.
size_t EndOfNumber(Cursor cursor, int most);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PRE_TOKENIZERS_SCAN_H_
