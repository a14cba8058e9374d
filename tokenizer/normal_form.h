// Unicode normalisation forms (Unicode Standard Annex #15).
#ifndef ERATO_TOKENIZER_NORMAL_FORM_H_
#define ERATO_TOKENIZER_NORMAL_FORM_H_

#include <string>
#include <string_view>

namespace erato {

enum class NormalForm { kC, kD, kKc, kKd };

/// The normal form of well-formed text, by the tables of Unicode 9, which is what Hugging Face
/// tokenizers has: what changes since then stays as it is, and nothing combines across it. Linear
/// but for sorting within one run of combining marks.
std::string Normalize(std::string_view text, NormalForm form);

/// Whether a text may change, under any form, when what is before this letter does: marks, and
/// letters that can be the second half of another.
bool MayJoin(char32_t value);

}  // namespace erato

#endif  // ERATO_TOKENIZER_NORMAL_FORM_H_
