// erato logits MODEL: the raw numbers after ids, for comparing with other implementations.
#include <charconv>

#include "samples/erato/command.h"
#include "samples/erato/lines.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

/// {"logits": [[…], …]}, each number in the fewest digits that give the same float again.
std::string Dump(const erato_floats* logits) {
  size_t rows = 0, columns = 0;
  const float* values = erato_floats_data(logits, &rows, &columns);
  std::string text = "{\"logits\": [";
  char digits[32];
  for (size_t row = 0; row < rows; ++row) {
    text += row ? ", [" : "[";
    for (size_t i = 0; i < columns; ++i) {
      if (i) text += ", ";
      const auto end =
          std::to_chars(digits, digits + sizeof(digits), values[row * columns + i]).ptr;
      text.append(digits, end);
    }
    text += "]";
  }
  return text + "]}";
}

}  // namespace

void AddLogits(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("logits", "Logits after ids from stdin, a JSON array a line");
  struct Arguments {
    explicit Arguments(CLI::App& command) : model(command) {}
    ModelArgument model;
    bool all = false, last = false;
  };
  auto arguments = std::make_shared<Arguments>(*command);
  CLI::Option_group* which = command->add_option_group("Rows");
  which->add_flag("--all", arguments->all, "after each id");
  which->add_flag("--last", arguments->last, "after the last id");
  which->require_option(1);
  command->callback([arguments] {
    const auto model = arguments->model.Load();
    AnswerLines([&](const std::string& line) {
      const std::vector<int32_t> ids = ParseIds(line);
      const auto logits = Make<erato_floats>(erato_model_logits, model.get(), ids.data(),
                                             ids.size(), int32_t{arguments->all});
      return Dump(logits.get());
    });
  });
}

}  // namespace erato::command
