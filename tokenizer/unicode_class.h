// The few properties of a code point that pre-tokenisers ask for: \p{L}, \p{N}, \s and the two
// newlines.
#ifndef ERATO_TOKENIZER_UNICODE_CLASS_H_
#define ERATO_TOKENIZER_UNICODE_CLASS_H_

#include <cstdint>

namespace erato {

enum class UnicodeClass : uint8_t {
  kOther,
  kLetter,   // general category L*
  kNumber,   // general category N*
  kSpace,    // White_Space, but for the next
  kNewline,  // U+000A and U+000D
};

/// Categories are those of Unicode 15 (utf8proc 2.8); a code point that it does not know is kOther.
UnicodeClass UnicodeClassOf(char32_t value);

inline bool IsSpace(UnicodeClass c) {
  return c == UnicodeClass::kSpace || c == UnicodeClass::kNewline;
}

}  // namespace erato

#endif  // ERATO_TOKENIZER_UNICODE_CLASS_H_
