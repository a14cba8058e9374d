#include "samples/erato/lines.h"

#include <cstdio>
#include <iostream>
#include <iterator>

#include "samples/erato/handles.h"

namespace erato::command {

void Write(std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!whole || std::fflush(stdout) != 0) throw Failure("[stdout] write failed");
}

void AnswerLines(const std::function<std::string(const std::string&)>& answer) {
  std::string line;
  for (int64_t number = 1; std::getline(std::cin, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    try {
      Write(answer(line) + "\n");
    } catch (const Failure& failure) {
      throw Failure("line " + std::to_string(number) + ": " + failure.what(), failure.status());
    }
  }
}

std::string ReadAllInput() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace erato::command
