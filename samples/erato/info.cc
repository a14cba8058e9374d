// erato info MODEL: what a file holds, read without its weights.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

void Print(const nlohmann::ordered_json& fields, const std::string& prefix) {
  for (const auto& [key, value] : fields.items()) {
    if (value.is_object()) {
      Print(value, prefix + key + ".");
    } else {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      std::printf("%-20s %s\n", (prefix + key).c_str(), text.c_str());
    }
  }
}

}  // namespace

void AddInfo(Arguments& arguments) {
  struct Values {
    std::string model;
    bool json = false;
  };
  auto values = std::make_shared<Values>();
  arguments.Operand("MODEL", "a .gguf file, or a folder in the layout of Hugging Face",
                    &values->model);
  arguments.Flag("--json", "one JSON object", &values->json);
  arguments.Run([values] {
    const std::string info = String(Make<erato_text>(erato_file_info, values->model.c_str()));
    if (values->json) {
      std::puts(info.c_str());
    } else {
      Print(nlohmann::ordered_json::parse(info), "");
    }
    return 0;
  });
}

}  // namespace erato::command
