// What a vocabulary must be before tables are built from it: files are written by strangers.
#ifndef ERATO_TOKENIZER_VOCABULARY_CHECKS_H_
#define ERATO_TOKENIZER_VOCABULARY_CHECKS_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// INVALID_ARGUMENT names the field and what is wrong with it. Merges are checked where they are
/// read (ByteBpe).
absl::Status CheckVocabulary(const Vocabulary& vocabulary);

/// The value of "<0xHH>", two hexadecimal digits and nothing else.
std::optional<unsigned char> ParseBytePiece(std::string_view piece);

}  // namespace erato

#endif  // ERATO_TOKENIZER_VOCABULARY_CHECKS_H_
