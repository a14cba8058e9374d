// The user's own editor.
#ifndef ERATO_SAMPLES_ERATO_CHAT_EDITOR_PROGRAM_H_
#define ERATO_SAMPLES_ERATO_CHAT_EDITOR_PROGRAM_H_

#include <string>

namespace erato::command {

/// `text` as the user leaves it in $VISUAL or $EDITOR, without newlines at its end. Failure where
/// the editor ends with one.
std::string Edited(const std::string& text);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_EDITOR_PROGRAM_H_
