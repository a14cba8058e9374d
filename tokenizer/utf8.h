// UTF-8 one code point at a time: the ground of the scanners, the stream and the checks.
#ifndef ERATO_TOKENIZER_UTF8_H_
#define ERATO_TOKENIZER_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace erato {

struct CodePoint {
  char32_t value = 0;
  size_t bytes = 0;
};

/// The code point that begins at `at`. The text must be well-formed and `at` one of its boundaries.
inline CodePoint DecodeCodePoint(std::string_view text, size_t at) {
  auto byte = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead < 0xF0) return {(lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
          4};
}

/// Appends the UTF-8 form of a Unicode scalar value.
void AppendUtf8(char32_t value, std::string& out);

/// What lies at the begin of bytes that need not be well-formed.
struct Utf8Sequence {
  enum class Kind {
    kCodePoint,   // `bytes` form a code point
    kIllFormed,   // `bytes` are a maximal ill-formed subsequence (Unicode 15, section 3.9)
    kIncomplete,  // `bytes` are all there is, and more of them could make a code point
  };
  Kind kind;
  size_t bytes;
};

/// `text` must not be empty.
Utf8Sequence FirstSequence(std::string_view text);

}  // namespace erato

#endif  // ERATO_TOKENIZER_UTF8_H_
