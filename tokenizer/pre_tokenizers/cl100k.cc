// Llama 3 (tokenizer.py of its release, after OpenAI's cl100k):
//
//   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
//   ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// Qwen 2 is the same with \p{N} alone.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/pre_tokenizers/scan.h"

namespace erato {
namespace {

// A run of white space: up to its last newline; without one all of it at the text's end, else all
// but the last.
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

size_t WordEnd(std::string_view text, size_t begin, int digits) {
  if (const size_t bytes = ContractionBytes(text, begin, /*any_case=*/true)) return begin + bytes;
  const Cursor cursor(text, begin);
  if (cursor.Is(UnicodeClass::kLetter)) return cursor.EndOfRun(UnicodeClass::kLetter);
  if (cursor.Is(UnicodeClass::kNumber)) return EndOfNumber(cursor, digits);
  Cursor next = cursor;
  next.Next();
  if (next.Is(UnicodeClass::kLetter) && !cursor.Is(UnicodeClass::kNewline)) {
    return next.EndOfRun(UnicodeClass::kLetter);
  }
  const bool spaced = cursor.value == ' ' && next.Is(UnicodeClass::kOther);
  if (spaced || cursor.Is(UnicodeClass::kOther)) {
    const size_t end = next.EndOfRun(UnicodeClass::kOther);
    return Cursor(text, end).EndOfRun(UnicodeClass::kNewline);
  }
  return EndOfSpaces(cursor);
}

}  // namespace

size_t Llama3WordEnd(std::string_view text, size_t begin) { return WordEnd(text, begin, 3); }

size_t Qwen2WordEnd(std::string_view text, size_t begin) { return WordEnd(text, begin, 1); }

}  // namespace erato
