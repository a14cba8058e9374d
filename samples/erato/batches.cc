#include "samples/erato/batches.h"

#include <charconv>
#include <cstdio>
#include <utility>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"

namespace erato::command {
namespace {

constexpr size_t kBatch = 512;

template <typename T>
void AppendNumber(T value, std::string& text) {
  char digits[32];
  text.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

/// The text of each line; of those before the first that is none, where one is.
std::vector<std::string> ParseTexts(const std::vector<std::string>& lines,
                                    std::unique_ptr<Failure>& failure) {
  std::vector<std::string> texts;
  try {
    for (const std::string& line : lines) texts.push_back(ParseText(line));
  } catch (const Failure& thrown) {
    failure = std::make_unique<Failure>(thrown);
  }
  return texts;
}

}  // namespace

void AnswerTexts(
    const std::function<Handle<erato_results>(const std::vector<std::string>&)>& read,
    const std::function<std::string(const erato_results*, size_t item, size_t line)>& dump) {
  size_t before = 0;  // texts of earlier batches
  AnswerBatches(kBatch, [&](const std::vector<std::string>& lines) {
    std::unique_ptr<Failure> failure;
    const std::vector<std::string> texts = ParseTexts(lines, failure);
    const Handle<erato_results> results = read(texts);
    std::vector<std::string> answers;
    try {
      for (size_t i = 0; i < texts.size(); ++i) {
        CheckResult(results.get(), i, before + i);
        answers.push_back(dump(results.get(), i, before + i));
      }
    } catch (const Failure& thrown) {
      const size_t line = answers.size();
      throw LineFailure(thrown, line, std::move(answers));
    }
    if (failure != nullptr) throw LineFailure(*failure, texts.size(), std::move(answers));
    before += texts.size();
    return answers;
  });
}

void CheckResult(const erato_results* results, size_t item, size_t line) {
  Call(erato_results_status, results, item);
  const size_t gone = erato_results_left_out(results, item);
  if (gone == 0) return;
  std::fprintf(stderr,
               "erato: text %zu was cut: %zu tokens read, %zu left out (--truncate none refuses)\n",
               line + 1, erato_results_tokens(results, item), gone);
}

Handle<erato_options> ReadOptions(Arguments& arguments) {
  Handle<erato_options> options = arguments.LibraryOptions(ERATO_OPTIONS_READ);
  SetOption(options.get(), "truncate", "end");
  return options;
}

Handle<erato_model> LoadForReading(const ModelArgument& model) {
  if (TextOption(model.options(), ERATO_LOAD_TASK) == "auto") {
    SetOption(model.options(), "task", "embed");
  }
  return model.Load();
}

std::string DumpFloats(const float* values, size_t count) {
  std::string text = "[";
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    AppendNumber(values[i], text);
  }
  return text + "]";
}

std::string DumpNumber(double value) {
  std::string text;
  AppendNumber(static_cast<float>(value), text);
  return text;
}

}  // namespace erato::command
