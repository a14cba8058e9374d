// GPT-2's alphabet: 256 printable code points that stand for the 256 bytes, so that a vocabulary is
// plain text.
#ifndef ERATO_TOKENIZER_BYTE_ALPHABET_H_
#define ERATO_TOKENIZER_BYTE_ALPHABET_H_

#include <array>
#include <string>
#include <string_view>

namespace erato {

/// The code point of each byte.
const std::array<char32_t, 256>& ByteAlphabet();

/// `bytes` spelt in the alphabet.
std::string SpellBytes(std::string_view bytes);

/// Appends the bytes that the well-formed `piece` spells; false, and nothing appended, where a code
/// point is no letter of the alphabet.
bool AppendSpeltBytes(std::string_view piece, std::string& out);

}  // namespace erato

#endif  // ERATO_TOKENIZER_BYTE_ALPHABET_H_
