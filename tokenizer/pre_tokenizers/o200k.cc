// OpenAI's o200k_base (tiktoken), and Mistral's tekken, which leaves the contractions out and takes
// digits one by one. With U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] and W = [\p{Ll}\p{Lm}\p{Lo}\p{M}]:
//
//   [^\r\n\p{L}\p{N}]?U*W+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?U+W*(?i:'s|…)?|\p{N}{1,3}
//   | ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// Letters without case and marks are in both U and W. So after the longest run of U one of W must
// come; where none does, the run gives back up to the last letter that is in both, and where it has
// none it is a word of capitals (the second alternative).
#include <utf8proc.h>

#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/pre_tokenizers/scan.h"

namespace erato {
namespace {

enum class Letter { kNone, kUpper, kLower, kBoth };

Letter LetterAt(const Cursor& cursor) {
  if (cursor.at_end()) return Letter::kNone;
  const char32_t c = cursor.value;
  if (c < 128) {
    if (c >= 'a' && c <= 'z') return Letter::kLower;
    return c >= 'A' && c <= 'Z' ? Letter::kUpper : Letter::kNone;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return Letter::kUpper;
    case UTF8PROC_CATEGORY_LL:
      return Letter::kLower;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return Letter::kBoth;
    default:
      return Letter::kNone;
  }
}

// The ends of U*W+ and of U+W* from here; 0 where there is none.
struct LetterEnds {
  size_t mixed = 0, capitals = 0;
};

LetterEnds EndsOfLetters(Cursor cursor) {
  LetterEnds ends;
  const size_t begin = cursor.at;
  for (Letter letter = LetterAt(cursor); letter == Letter::kUpper || letter == Letter::kBoth;
       letter = LetterAt(cursor)) {
    if (letter == Letter::kBoth) ends.mixed = cursor.at + cursor.bytes;
    cursor.Next();
  }
  if (cursor.at > begin) ends.capitals = cursor.at;
  if (LetterAt(cursor) != Letter::kLower) return ends;
  for (Letter letter = Letter::kLower; letter == Letter::kLower || letter == Letter::kBoth;
       letter = LetterAt(cursor)) {
    cursor.Next();
  }
  ends.mixed = cursor.at;
  return ends;
}

// The end of the word of letters that begins here, or 0.
size_t EndOfLetters(const Cursor& cursor) {
  LetterEnds after = {};
  const bool may_lead =
      cursor.Is(UnicodeClass::kOther) || cursor.Is(UnicodeClass::kSpace);  // marks are "other"
  if (may_lead) {
    Cursor next = cursor;
    next.Next();
    after = EndsOfLetters(next);
    if (after.mixed > 0) return after.mixed;
  }
  const LetterEnds here = EndsOfLetters(cursor);
  if (here.mixed > 0) return here.mixed;
  return after.capitals > 0 ? after.capitals : here.capitals;
}

size_t EndOfSymbols(const Cursor& first) {
  const Cursor last(first.text, first.EndOfRun(UnicodeClass::kOther));
  size_t end = last.at;
  while (end < first.text.size() &&
         (first.text[end] == '\r' || first.text[end] == '\n' || first.text[end] == '/')) {
    ++end;
  }
  return end;
}

template <bool kContractions, int kDigits>
size_t EndOfWord(std::string_view text, size_t begin) {
  const Cursor cursor(text, begin);
  if (const size_t end = EndOfLetters(cursor)) {
    return kContractions ? end + ContractionBytes(text, end, /*any_case=*/true) : end;
  }
  if (cursor.Is(UnicodeClass::kNumber)) return EndOfNumber(cursor, kDigits);
  if (cursor.Is(UnicodeClass::kOther)) return EndOfSymbols(cursor);
  if (cursor.value == ' ') {
    Cursor next = cursor;
    next.Next();
    if (next.Is(UnicodeClass::kOther)) return EndOfSymbols(next);
  }
  return EndOfSpaces(cursor);
}

}  // namespace

size_t O200kWordEnd(std::string_view text, size_t begin) { return EndOfWord<true, 3>(text, begin); }

size_t TekkenWordEnd(std::string_view text, size_t begin) {
  return EndOfWord<false, 1>(text, begin);
}

}  // namespace erato
