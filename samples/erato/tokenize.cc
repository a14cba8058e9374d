// erato tokenize MODEL: text to ids.
#include <cstdio>

#include "samples/erato/command.h"
#include "samples/erato/lines.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

std::string Tokenize(const erato_model* model, const std::string& text, int32_t flags) {
  const auto ids = Make<erato_ids>(erato_model_tokenize, model, text.data(), text.size(), flags);
  size_t count = 0;
  const int32_t* data = erato_ids_data(ids.get(), &count);
  return DumpIds(data, count);
}

}  // namespace

void AddTokenize(CLI::App& app) {
  CLI::App* command = app.add_subcommand("tokenize", "Text from stdin to token ids");
  struct Arguments {
    explicit Arguments(CLI::App& command) : model(command) {}
    ModelArgument model;
    bool plain = false, special = false, lines = false;
  };
  auto arguments = std::make_shared<Arguments>(*command);
  CLI::Option* plain =
      command->add_flag("--plain", arguments->plain, "no begin- or end-of-text tokens");
  command->add_flag("--special", arguments->special, "spelled control tokens become control tokens")
      ->excludes(plain);
  command->add_flag("--lines-json", arguments->lines,
                    "one JSON string a line, one JSON array a line");
  command->callback([arguments] {
    const auto model = arguments->model.Load();
    const int32_t flags = arguments->plain     ? ERATO_TEXT_PLAIN
                          : arguments->special ? ERATO_TEXT_ADD_SPECIAL | ERATO_TEXT_TRUSTED
                                               : ERATO_TEXT_ADD_SPECIAL;
    if (!arguments->lines) {
      std::puts(Tokenize(model.get(), ReadAllInput(), flags).c_str());
      return;
    }
    AnswerLines(
        [&](const std::string& line) { return Tokenize(model.get(), ParseText(line), flags); });
  });
}

}  // namespace erato::command
