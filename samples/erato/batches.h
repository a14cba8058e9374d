// What embed, rerank and classify have in common: lines of JSON texts in, a line of JSON for each
// out, computed in batches.
#ifndef ERATO_SAMPLES_ERATO_BATCHES_H_
#define ERATO_SAMPLES_ERATO_BATCHES_H_

#include <functional>
#include <string>
#include <vector>

#include "samples/erato/arguments.h"

namespace erato::command {

/// Texts as the C API wants them.
struct TextArrays {
  explicit TextArrays(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      data.push_back(text.data());
      bytes.push_back(text.size());
    }
  }
  std::vector<const char*> data;
  std::vector<size_t> bytes;
};

/// Reads stdin to its end; `read` gives the results of a batch, `dump` a result's line.
void AnswerTexts(
    const std::function<Handle<erato_results>(const std::vector<std::string>&)>& read,
    const std::function<std::string(const erato_results*, size_t item, size_t line)>& dump);

/// Throws where an item failed; tells on stderr where it was cut. `line` is its number for people.
void CheckResult(const erato_results* results, size_t item, size_t line);

/// Loads for reading: a decoder too makes vectors then, unless the line says otherwise.
Handle<erato_model> LoadForReading(const ModelArgument& model);
/// Options of kind READ. Texts that are too long are cut at their end and told on stderr, where the
/// line does not say otherwise.
Handle<erato_options> ReadOptions(Arguments& arguments);

/// "[0.25, …]", each number in the fewest digits that give the same float again.
std::string DumpFloats(const float* values, size_t count);
std::string DumpNumber(double value);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_BATCHES_H_
