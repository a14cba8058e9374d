// erato check FILE…: whether files are sound models. Says nothing of good ones and one line of each
// bad one.
#include <cstdio>

#include "samples/erato/command.h"
#include "samples/erato/handles.h"

namespace erato::command {

void AddCheck(CLI::App& app) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand(
      "check", "Whether files are sound models: 0 if all are, else 1 and a line each");
  command->add_option("FILE", *files, "models")->required();
  command->callback([files] {
    bool bad = false;
    for (const std::string& file : *files) {
      try {
        Call(erato_file_check, file.c_str());
      } catch (const Failure& failure) {
        bad = true;
        std::printf("%s%s\n", failure.what(), files->size() > 1 ? (": " + file).c_str() : "");
      }
    }
    if (bad) throw CLI::RuntimeError(1);
  });
}

}  // namespace erato::command
