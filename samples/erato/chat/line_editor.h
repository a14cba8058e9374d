// One line from the user: with editing, history and completion where libedit was found, else as it
// comes.
#ifndef ERATO_SAMPLES_ERATO_CHAT_LINE_EDITOR_H_
#define ERATO_SAMPLES_ERATO_CHAT_LINE_EDITOR_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "samples/erato/chat/terminal.h"

namespace erato::command {

struct Line {
  enum class Kind { kText, kInterrupt, kEnd } kind = Kind::kEnd;
  std::string text;  // several lines where it was pasted so; where Ctrl-C came, what it gave up
};

class LineEditor {
 public:
  /// All that a line which begins with `typed` may become.
  using Complete = std::function<std::vector<std::string>(const std::string& typed)>;
  /// History is kept in `history_file`, where it is not empty.
  static std::unique_ptr<LineEditor> Open(const Terminal& terminal,
                                          std::filesystem::path history_file, Complete complete);
  virtual ~LineEditor() = default;
  virtual Line Read(const std::string& prompt) = 0;
  /// Puts a message into the history.
  virtual void Remember(const std::string& text) = 0;
  /// What SIGINT does while Read waits. With editing Ctrl-C is a key, and Read returns kInterrupt.
  virtual void OnSignal() = 0;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_LINE_EDITOR_H_
