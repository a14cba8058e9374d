// Classes of code points that the steps of a pipeline ask for, as the reference has them
// (young_letters.h): what it does not know has no class.
#ifndef ERATO_TOKENIZER_PIPELINE_LETTER_CLASS_H_
#define ERATO_TOKENIZER_PIPELINE_LETTER_CLASS_H_

namespace erato::letter {

bool IsSpace(char32_t value);        // White_Space
bool IsControl(char32_t value);      // category C*, but for tab, newlines and what is not assigned
bool IsMark(char32_t value);         // category M*
bool IsNonspacing(char32_t value);   // category Mn
bool IsNumeric(char32_t value);      // category N*
bool IsPunctuation(char32_t value);  // category P*, and all signs of ASCII
bool IsWord(char32_t value);         // \w of Unicode Technical Standard #18
bool IsIdeograph(char32_t value);    // BERT's blocks of Chinese characters

}  // namespace erato::letter

#endif  // ERATO_TOKENIZER_PIPELINE_LETTER_CLASS_H_
