// erato detokenize MODEL: ids to text, control tokens spelled out.
#include <memory>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

std::string Detokenize(const erato_model* model, const std::string& json) {
  const std::vector<int32_t> ids = ParseIds(json);
  return String(Make<erato_text>(erato_model_detokenize, model, ids.data(), ids.size(),
                                 int32_t{ERATO_TEXT_SHOW_SPECIAL}));
}

}  // namespace

void AddDetokenize(Arguments& arguments) {
  struct Values {
    explicit Values(Arguments& arguments) : model(arguments) {}
    ModelArgument model;
    bool lines = false;
  };
  auto values = std::make_shared<Values>(arguments);
  arguments.Flag("--lines-json", "one JSON string a line instead of the text", &values->lines);
  arguments.Run([values] {
    const auto model = values->model.LoadForText();
    AnswerLines([&](const std::string& line) {
      const std::string text = Detokenize(model.get(), line);
      return values->lines ? DumpText(text) : text;
    });
    return 0;
  });
}

}  // namespace erato::command
