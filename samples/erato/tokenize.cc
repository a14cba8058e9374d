// erato tokenize MODEL: text to ids.
#include <memory>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    arguments.Flag("--plain", "no begin- or end-of-text tokens", &plain);
    arguments.Flag("--special", "spelled control tokens become control tokens", &special);
    arguments.AtMostOne("--plain", "--special");
    arguments.Flag("--lines-json", "one JSON string a line in, one array a line out", &lines);
  }
  ModelArgument model;
  bool plain = false, special = false, lines = false;
};

std::string Tokenize(const erato_model* model, const std::string& text, int32_t flags) {
  const auto ids = Make<erato_ids>(erato_model_tokenize, model, text.data(), text.size(), flags);
  size_t count = 0;
  const int32_t* data = erato_ids_data(ids.get(), &count);
  return DumpIds(data, count);
}

}  // namespace

void AddTokenize(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    const auto model = values->model.LoadForText();
    int32_t flags = values->plain ? ERATO_TEXT_PLAIN : ERATO_TEXT_ADD_SPECIAL;
    if (values->special) flags |= ERATO_TEXT_TRUSTED;
    if (!values->lines) {
      Write(Tokenize(model.get(), ReadAllInput(), flags) + "\n");
      return 0;
    }
    AnswerLines(
        [&](const std::string& line) { return Tokenize(model.get(), ParseText(line), flags); });
    return 0;
  });
}

}  // namespace erato::command
