#include "samples/erato/lines.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <iterator>

namespace erato::command {
namespace {

/// Lines of stdin without their ends; empty ones are passed over.
class InputLines {
 public:
  struct Line {
    std::string text;
    int64_t number;  // in the input, from 1
  };
  /// At least one line, and further ones as long as they are there already; none at the end.
  std::vector<Line> Take(size_t most) {
    std::vector<Line> lines;
    while (lines.size() < most) {
      if (TakeBuffered(lines)) continue;
      if (ended_ || (!lines.empty() && !Waiting())) break;
      Fill();
    }
    return lines;
  }

 private:
  static bool Waiting() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
  }

  bool TakeBuffered(std::vector<Line>& lines) {
    size_t end = buffer_.find('\n', at_);
    if (end == std::string::npos && (!ended_ || at_ == buffer_.size())) return false;
    const bool last = end == std::string::npos;
    if (last) end = buffer_.size();
    std::string text = buffer_.substr(at_, end - at_);
    at_ = end + (last ? 0 : 1);
    ++number_;
    if (text.ends_with('\r')) text.pop_back();
    if (!text.empty()) lines.push_back({std::move(text), number_});
    return true;
  }

  void Fill() {
    buffer_.erase(0, at_);
    at_ = 0;
    char bytes[1 << 16];
    ssize_t got;
    do {
      got = read(STDIN_FILENO, bytes, sizeof(bytes));
    } while (got < 0 && errno == EINTR);
    if (got < 0) throw Failure("[stdin] read failed");
    ended_ = got == 0;
    buffer_.append(bytes, static_cast<size_t>(got));
  }

  std::string buffer_;
  size_t at_ = 0;
  int64_t number_ = 0;
  bool ended_ = false;
};

[[noreturn]] void Fail(int64_t line, const Failure& failure) {
  throw Failure("line " + std::to_string(line) + ": " + failure.what(), failure.status());
}

void WriteLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  Write(text);
}

}  // namespace

void Write(std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!whole || std::fflush(stdout) != 0) throw Failure("[stdout] write failed");
}

void AnswerLines(const std::function<std::string(const std::string&)>& answer) {
  AnswerBatches(1, [&](const std::vector<std::string>& lines) {
    return std::vector<std::string>{answer(lines[0])};
  });
}

void AnswerBatches(
    size_t most,
    const std::function<std::vector<std::string>(const std::vector<std::string>&)>& answer) {
  InputLines input;
  for (std::vector<InputLines::Line> lines; !(lines = input.Take(most)).empty();) {
    std::vector<std::string> texts;
    texts.reserve(lines.size());
    for (const InputLines::Line& line : lines) texts.push_back(line.text);
    try {
      WriteLines(answer(texts));
    } catch (const LineFailure& failure) {
      WriteLines(failure.answers());
      Fail(lines[failure.line()].number, failure);
    } catch (const Failure& failure) {
      Fail(lines[0].number, failure);
    }
  }
}

std::string ReadAllInput() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace erato::command
