// erato render: a chat written out by a chat template: the model's own, a built-in one or one from
// a file.
#include <memory>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"
#include "samples/erato/template_source.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) {
    arguments.OptionalOperand("MODEL", "the model whose template it is", &model);
    arguments.Text("--template", "a built-in template by name, or a file with one, instead",
                   &template_file);
    arguments.ExactlyOne("MODEL", "--template");
    arguments.Flag("--json", "one JSON string a line instead of the text", &json);
  }
  std::optional<std::string> model, template_file;
  bool json = false;
};

Handle<erato_model> LoadForText(const std::string& path) {
  const auto options = Make<erato_options>(erato_options_create, ERATO_OPTIONS_LOAD);
  SetOption(options.get(), "task", "text");
  return Make<erato_model>(erato_model_load, path.c_str(), options.get());
}

}  // namespace

void AddRender(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    Handle<erato_model> model;
    std::string source;
    if (values->model) {
      model = LoadForText(*values->model);
    } else {
      source = TemplateSource(*values->template_file);
    }
    AnswerLines([&](const std::string& line) {
      const std::string text =
          String(model ? Make<erato_text>(erato_model_render, model.get(), line.data(), line.size())
                       : Make<erato_text>(erato_template_render, source.data(), source.size(),
                                          line.data(), line.size()));
      return values->json ? DumpText(text) : text;
    });
    return 0;
  });
}

}  // namespace erato::command
