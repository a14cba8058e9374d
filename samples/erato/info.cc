// erato info MODEL: what a file holds, read without its weights.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "samples/erato/command.h"
#include "samples/erato/handles.h"

namespace erato::command {
namespace {

void Print(const nlohmann::ordered_json& fields, const std::string& prefix) {
  for (const auto& [key, value] : fields.items()) {
    if (value.is_object()) {
      Print(value, prefix + key + ".");
    } else {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      std::printf("%-22s %s\n", (prefix + key).c_str(), text.c_str());
    }
  }
}

}  // namespace

void AddInfo(CLI::App& app) {
  struct Arguments {
    std::string model;
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("info", "What a model file holds");
  command
      ->add_option("MODEL", arguments->model,
                   "a .gguf file, or a folder in the layout of Hugging Face")
      ->required();
  command->add_flag("--json", arguments->json, "one JSON object");
  command->callback([arguments] {
    const std::string info = String(Make<erato_text>(erato_file_info, arguments->model.c_str()));
    if (arguments->json) {
      std::printf("%s\n", info.c_str());
    } else {
      Print(nlohmann::ordered_json::parse(info), "");
    }
  });
}

}  // namespace erato::command
