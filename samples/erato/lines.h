// Standard input by lines: the shape of every machine-readable subcommand is one line in, one line
// out.
#ifndef ERATO_SAMPLES_ERATO_LINES_H_
#define ERATO_SAMPLES_ERATO_LINES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace erato::command {

/// Calls `answer` with each line of stdin and prints what it gives at once. What fails is told with
/// the line's number.
void AnswerLines(const std::function<std::string(const std::string&)>& answer);
std::string ReadAllInput();

/// JSON of one line; Failure names what was expected.
std::string ParseText(const std::string& json);
std::vector<int32_t> ParseIds(const std::string& json);
std::string DumpText(const std::string& text);
std::string DumpIds(const int32_t* ids, size_t count);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_LINES_H_
