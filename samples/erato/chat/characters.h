// Characters of UTF-8 text as a terminal shows them.
#ifndef ERATO_SAMPLES_ERATO_CHAT_CHARACTERS_H_
#define ERATO_SAMPLES_ERATO_CHAT_CHARACTERS_H_

#include <string_view>

namespace erato::command {

/// The first code point of `text`, which is not empty; where bytes are missing, what is there.
std::string_view FirstCharacter(std::string_view text);
/// Columns that one code point takes: 0 to 2; -1 for a control character, which takes none and must
/// not reach a terminal. Needs a UTF-8 locale (Terminal::Open).
int Columns(std::string_view character);
/// Columns of a text without control characters.
int ColumnsOf(std::string_view text);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_CHARACTERS_H_
