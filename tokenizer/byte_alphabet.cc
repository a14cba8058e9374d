// Radford et al. 2019, bytes_to_unicode of the release: bytes that print in Latin-1 stand for
// themselves; the others, in order, are U+0100 and up.
#include "tokenizer/byte_alphabet.h"

#include <cstdint>

#include "tokenizer/utf8.h"

namespace erato {
namespace {

constexpr bool Prints(int byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) ||
         (byte >= 0xAE && byte <= 0xFF);
}

constexpr std::array<char32_t, 256> MakeAlphabet() {
  std::array<char32_t, 256> alphabet{};
  char32_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte)
    alphabet[byte] = Prints(byte) ? static_cast<char32_t>(byte) : next++;
  return alphabet;
}

constexpr std::array<char32_t, 256> kAlphabet = MakeAlphabet();
constexpr size_t kLetterEnd = 0x100 + 68;  // 68 bytes do not print

constexpr std::array<int16_t, kLetterEnd> MakeInverse() {
  std::array<int16_t, kLetterEnd> inverse{};
  for (int16_t& byte : inverse) byte = -1;
  for (int byte = 0; byte < 256; ++byte) inverse[kAlphabet[byte]] = static_cast<int16_t>(byte);
  return inverse;
}

constexpr std::array<int16_t, kLetterEnd> kInverse = MakeInverse();

}  // namespace

const std::array<char32_t, 256>& ByteAlphabet() { return kAlphabet; }

std::string SpellBytes(std::string_view bytes) {
  std::string spelt;
  spelt.reserve(bytes.size() * 2);
  for (char c : bytes) AppendUtf8(kAlphabet[static_cast<unsigned char>(c)], spelt);
  return spelt;
}

bool AppendSpeltBytes(std::string_view piece, std::string& out) {
  const size_t before = out.size();
  for (size_t at = 0; at < piece.size();) {
    const CodePoint c = DecodeCodePoint(piece, at);
    if (c.value >= kLetterEnd || kInverse[c.value] < 0) {
      out.resize(before);
      return false;
    }
    out.push_back(static_cast<char>(kInverse[c.value]));
    at += c.bytes;
  }
  return true;
}

}  // namespace erato
