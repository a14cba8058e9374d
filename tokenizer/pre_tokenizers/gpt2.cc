// GPT-2 (Radford et al. 2019, encoder.py of its release):
//
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// SmolLM puts another step before it: every number becomes a word of its own, and what lies between
// two numbers is cut as if it stood alone, so that white space before a number is one word.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/pre_tokenizers/scan.h"

namespace erato {
namespace {

// A run of white space: all of it at the text's end, else all but the last, which the next word
// takes if it is a space.
template <bool kNumbersApart>
size_t EndOfSpaces(Cursor cursor) {
  const size_t begin = cursor.at;
  size_t last = cursor.at;
  while (cursor.IsAnySpace()) {
    last = cursor.at;
    cursor.Next();
  }
  if (cursor.at_end() || (kNumbersApart && cursor.Is(UnicodeClass::kNumber))) return cursor.at;
  return last == begin ? cursor.at : last;
}

template <bool kNumbersApart>
size_t EndOfWord(std::string_view text, size_t begin) {
  if (const size_t bytes = ContractionBytes(text, begin, /*any_case=*/false)) return begin + bytes;
  Cursor cursor(text, begin);
  if (kNumbersApart && cursor.Is(UnicodeClass::kNumber)) return begin + cursor.bytes;
  Cursor first = cursor;
  if (first.value == ' ') first.Next();
  const bool takes_word =
      !first.at_end() && !first.IsAnySpace() && !(kNumbersApart && first.Is(UnicodeClass::kNumber));
  if (takes_word) return first.EndOfRun(first.unicode_class);
  return EndOfSpaces<kNumbersApart>(cursor);
}

}  // namespace

size_t Gpt2WordEnd(std::string_view text, size_t begin) { return EndOfWord<false>(text, begin); }

size_t SmolLmWordEnd(std::string_view text, size_t begin) { return EndOfWord<true>(text, begin); }

}  // namespace erato
