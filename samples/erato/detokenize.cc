// erato detokenize MODEL: ids to text, control tokens spelled out.
#include <cstdio>

#include "samples/erato/command.h"
#include "samples/erato/lines.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

std::string Detokenize(const erato_model* model, const std::string& json) {
  const std::vector<int32_t> ids = ParseIds(json);
  return String(Make<erato_text>(erato_model_detokenize, model, ids.data(), ids.size(),
                                 int32_t{ERATO_TEXT_SHOW_SPECIAL}));
}

}  // namespace

void AddDetokenize(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("detokenize", "Token ids from stdin, a JSON array a line, to text");
  struct Arguments {
    explicit Arguments(CLI::App& command) : model(command) {}
    ModelArgument model;
    bool lines = false;
  };
  auto arguments = std::make_shared<Arguments>(*command);
  command->add_flag("--lines-json", arguments->lines,
                    "one JSON string a line instead of the text itself");
  command->callback([arguments] {
    const auto model = arguments->model.Load();
    AnswerLines([&](const std::string& line) {
      const std::string text = Detokenize(model.get(), line);
      return arguments->lines ? DumpText(text) : text;
    });
  });
}

}  // namespace erato::command
