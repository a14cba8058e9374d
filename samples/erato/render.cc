// erato render: a chat written out by a chat template, the model's own or one from a file.
#include <fstream>
#include <iterator>

#include "samples/erato/command.h"
#include "samples/erato/lines.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure("[template] cannot read the file, got " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

void AddRender(CLI::App& app) {
  struct Arguments {
    std::string model, template_file;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "render", "Chats from stdin, a JSON object a line, through a chat template");
  CLI::Option* model =
      command->add_option("MODEL", arguments->model, "the model whose template it is");
  command->add_option("--template", arguments->template_file, "a file with a template instead")
      ->excludes(model);
  command->add_flag("--json", arguments->json, "one JSON string a line instead of the text itself");
  command->callback([arguments] {
    Handle<erato_model> model;
    std::string source;
    if (!arguments->template_file.empty()) {
      source = ReadFile(arguments->template_file);
    } else if (!arguments->model.empty()) {
      model = Make<erato_model>(erato_model_load, arguments->model.c_str(),
                                static_cast<erato_options*>(nullptr));
    } else {
      throw CLI::ValidationError("render needs MODEL or --template FILE");
    }
    AnswerLines([&](const std::string& line) {
      const std::string text =
          String(model ? Make<erato_text>(erato_model_render, model.get(), line.data(), line.size())
                       : Make<erato_text>(erato_template_render, source.data(), source.size(),
                                          line.data(), line.size()));
      return arguments->json ? DumpText(text) : text;
    });
  });
}

}  // namespace erato::command
