// Standard input by lines: a machine-readable subcommand is one line in, one line out.
#ifndef ERATO_SAMPLES_ERATO_LINES_H_
#define ERATO_SAMPLES_ERATO_LINES_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/erato/handles.h"

namespace erato::command {

/// Calls `answer` with each line of stdin and prints what it gives at once. What fails is told with
/// the line's number.
void AnswerLines(const std::function<std::string(const std::string&)>& answer);
/// The same with all lines that are there already, `most` at a time, so that a pipe is worked off
/// in batches and somebody who types is answered at once. `answer` gives a line for each; what it
/// throws of one of them is a LineFailure.
void AnswerBatches(
    size_t most,
    const std::function<std::vector<std::string>(const std::vector<std::string>&)>& answer);
/// Failure at one line of a batch, after the good ones before it have been answered.
class LineFailure : public Failure {
 public:
  LineFailure(const Failure& failure, size_t line, std::vector<std::string> answers)
      : Failure(failure), line_(line), answers_(std::move(answers)) {}
  size_t line() const { return line_; }  // of the batch
  const std::vector<std::string>& answers() const { return answers_; }

 private:
  size_t line_;
  std::vector<std::string> answers_;
};
std::string ReadAllInput();
/// To stdout, at once.
void Write(std::string_view text);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_LINES_H_
