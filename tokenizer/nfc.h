// Unicode normalisation form C, for vocabularies that were trained on normalised text.
#ifndef ERATO_TOKENIZER_NFC_H_
#define ERATO_TOKENIZER_NFC_H_

#include <string>
#include <string_view>

namespace erato {

/// The NFC of well-formed text (Unicode Standard Annex #15). Linear but for sorting within one run
/// of combining marks.
std::string NormalizeNfc(std::string_view text);

}  // namespace erato

#endif  // ERATO_TOKENIZER_NFC_H_
