// Code points in UTF-8 text, as far as Python's str methods need them. A byte that is not part of
// well-formed UTF-8 counts as one character of its own, so that no text is ever rejected or changed
// here.
#ifndef ERATO_TOKENIZER_TEMPLATE_UNICODE_H_
#define ERATO_TOKENIZER_TEMPLATE_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace erato::unicode {

struct Char {
  uint32_t code = 0;  // kInvalid for a stray byte
  size_t bytes = 0;   // 0 only at the end of the text
};
inline constexpr uint32_t kInvalid = 0xFFFFFFFF;

Char At(std::string_view text, size_t offset);
/// The character that ends just before `offset` (> 0).
Char Before(std::string_view text, size_t offset);
void Append(uint32_t code, std::string& out);

size_t Length(std::string_view text);
/// Byte offset of character `index`, or text.size() where there are fewer.
size_t OffsetOf(std::string_view text, size_t index);
/// Offset of the first stray byte, or npos.
size_t FirstInvalid(std::string_view text);

/// As str.isspace, str.isprintable of one character.
bool IsSpace(uint32_t code);
bool IsPrintable(uint32_t code);
/// Letters and digits: exact for ASCII; beyond it letters are known by blocks (Latin, Greek,
/// Cyrillic, Hebrew, Arabic, Indic, Kana, CJK, Hangul …).
bool IsLetter(uint32_t code);
bool IsDigit(uint32_t code);
bool IsUpper(uint32_t code);
bool IsLower(uint32_t code);

/// Case of Latin, Greek, Cyrillic, Armenian, Georgian, full-width and letter-like characters;
/// others stay as they are. Upper-case may be up to three characters ("ß" → "SS"), appended to
/// `out`.
void AppendUpper(uint32_t code, std::string& out);
/// As the first letter of a word: of the letters that become two only the first is large.
void AppendTitle(uint32_t code, std::string& out);
void AppendLower(uint32_t code, std::string& out);

}  // namespace erato::unicode

#endif  // ERATO_TOKENIZER_TEMPLATE_UNICODE_H_
