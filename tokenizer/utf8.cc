// Table 3-7 of the Unicode Standard 15 ("Well-Formed UTF-8 Byte Sequences"): the lead byte fixes
// the length and the range of the second byte; all further bytes are 80..BF. A maximal subpart is
// the longest begin of such a row.
#include "tokenizer/utf8.h"

namespace erato {
namespace {

struct Row {
  size_t bytes;  // 0: no sequence begins so
  unsigned char second_min, second_max;
};

Row RowOf(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

void AppendUtf8(char32_t value, std::string& out) {
  auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

Utf8Sequence FirstSequence(std::string_view text) {
  using Kind = Utf8Sequence::Kind;
  const Row row = RowOf(static_cast<unsigned char>(text[0]));
  if (row.bytes == 0) return {Kind::kIllFormed, 1};
  for (size_t i = 1; i < row.bytes; ++i) {
    if (i == text.size()) return {Kind::kIncomplete, i};
    const unsigned char byte = static_cast<unsigned char>(text[i]);
    const unsigned char low = i == 1 ? row.second_min : 0x80;
    const unsigned char high = i == 1 ? row.second_max : 0xBF;
    if (byte < low || byte > high) return {Kind::kIllFormed, i};
  }
  return {Kind::kCodePoint, row.bytes};
}

}  // namespace erato
