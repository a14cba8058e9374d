// Letters that are younger than the tables of the reference: Hugging Face tokenizers knows those of
// Unicode 8 and 9, and a vocabulary was trained on what that does.
#ifndef ERATO_TOKENIZER_PIPELINE_YOUNG_LETTERS_H_
#define ERATO_TOKENIZER_PIPELINE_YOUNG_LETTERS_H_

namespace erato::letter {

bool IsYoungNonspacing(char32_t value);
bool IsYoungMark(char32_t value);
bool IsYoungPunctuation(char32_t value);
bool IsYoungFormat(char32_t value);
/// Letters that decompose, compose or are put in order since Unicode 10.
bool IsYoungInNormalForms(char32_t value);

}  // namespace erato::letter

#endif  // ERATO_TOKENIZER_PIPELINE_YOUNG_LETTERS_H_
