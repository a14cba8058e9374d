// Llama 3 (tokenizer.py of its release, after OpenAI's cl100k):
//
//   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
//   | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// Qwen 2 is the same with \p{N} alone.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/pre_tokenizers/scan.h"

namespace erato {
namespace {

size_t EndOfWord(std::string_view text, size_t begin, int digits) {
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

size_t Llama3WordEnd(std::string_view text, size_t begin) { return EndOfWord(text, begin, 3); }

size_t Qwen2WordEnd(std::string_view text, size_t begin) { return EndOfWord(text, begin, 1); }

}  // namespace erato
