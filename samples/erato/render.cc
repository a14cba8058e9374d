// erato render: a chat written out by a chat template, the model's own or one from a file.
#include <fstream>
#include <iterator>
#include <memory>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) {
    arguments.OptionalOperand("MODEL", "the model whose template it is", &model);
    arguments.Text("--template", "a file with a template instead", &template_file);
    arguments.ExactlyOne("MODEL", "--template");
    arguments.Flag("--json", "one JSON string a line instead of the text", &json);
  }
  std::optional<std::string> model, template_file;
  bool json = false;
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure("[template] file, got " + path + ", expected one that can be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

void AddRender(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    Handle<erato_model> model;
    std::string source;
    if (values->model) {
      model = Make<erato_model>(erato_model_load, values->model->c_str(),
                                static_cast<erato_options*>(nullptr));
    } else {
      source = ReadFile(*values->template_file);
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
