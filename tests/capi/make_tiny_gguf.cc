// make_tiny_gguf OUT [--context N] [--no-tokenizer] [--no-template] [--poisoned] [--thinks]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "tests/capi/tiny_model.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: make_tiny_gguf OUT [--context N] [--no-tokenizer] "
                 "[--no-template] [--poisoned] [--thinks]\n");
    return 2;
  }
  erato::test::TinyModel model;
  for (int i = 2; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--context" && i + 1 < argc) {
      model.context_tokens = std::atoi(argv[++i]);
    } else if (flag == "--no-tokenizer") {
      model.tokenizer = false;
    } else if (flag == "--no-template") {
      model.chat_template = false;
    } else if (flag == "--poisoned") {
      model.poisoned = true;
    } else if (flag == "--thinks") {
      model.thinks = true;
    } else {
      std::fprintf(stderr, "make_tiny_gguf: unknown flag %s\n", argv[i]);
      return 2;
    }
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << erato::test::TinyModelGguf(model);
  out.close();
  return out ? 0 : 1;
}
