// erato check FILE…: whether files are sound models. Silent about good ones, one line a bad one.
#include <cstdio>
#include <memory>

#include "samples/erato/subcommands.h"

namespace erato::command {

void AddCheck(Arguments& arguments) {
  auto files = std::make_shared<std::vector<std::string>>();
  arguments.Operands("FILE", "models", files.get());
  arguments.Run([files] {
    int status = 0;
    for (const std::string& file : *files) {
      try {
        Call(erato_file_check, file.c_str());
      } catch (const Failure& failure) {
        status = 1;
        const std::string name = files->size() > 1 ? ": " + file : "";
        std::printf("%s%s\n", failure.what(), name.c_str());
      }
    }
    return status;
  });
}

}  // namespace erato::command
