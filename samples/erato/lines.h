// Standard input by lines: a machine-readable subcommand is one line in, one line out.
#ifndef ERATO_SAMPLES_ERATO_LINES_H_
#define ERATO_SAMPLES_ERATO_LINES_H_

#include <functional>
#include <string>
#include <string_view>

namespace erato::command {

/// Calls `answer` with each line of stdin and prints what it gives at once. What fails is told with
/// the line's number.
void AnswerLines(const std::function<std::string(const std::string&)>& answer);
std::string ReadAllInput();
/// To stdout, at once.
void Write(std::string_view text);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_LINES_H_
