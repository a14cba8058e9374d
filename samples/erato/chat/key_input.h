// Keys as they come from the terminal: whole characters, whatever the bytes.
#ifndef ERATO_SAMPLES_ERATO_CHAT_KEY_INPUT_H_
#define ERATO_SAMPLES_ERATO_CHAT_KEY_INPUT_H_

#include <csignal>
#include <optional>
#include <string>

namespace erato::command {

class KeyInput {
 public:
  /// What Next gives where the window changed its size (Ctrl-_, which nobody types).
  static constexpr wchar_t kResized = 0x1f;

  /// Takes SIGWINCH, of which threads that start later know nothing. One at a time.
  KeyInput();
  ~KeyInput();
  KeyInput(const KeyInput&) = delete;
  KeyInput& operator=(const KeyInput&) = delete;

  /// The next character of stdin; none at its end. Bytes that are no UTF-8 are U+FFFD each.
  std::optional<wchar_t> Next();
  /// What was pasted, up to the sequence that ends it: lines end in \n, control characters are
  /// gone.
  std::wstring Pasted();

 private:
  bool Fill();  // waits for bytes or a signal

  std::string bytes_;  // read, not given out
  bool ended_ = false;
  struct sigaction before_ = {};
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_KEY_INPUT_H_
