// What the program talks to: a screen or a pipe, how wide, with styles or without.
#ifndef ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_
#define ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_

#include <string>

#include "samples/erato/chat/style.h"

namespace erato::command {

struct Terminal {
  bool input = false, output = false;  // are they a terminal?
  bool dumb = false;                   // TERM says that it knows no escape sequences
  bool styled = false;                 // and nobody asked for plain text

  /// Styles only on a terminal that is not dumb, and not against NO_COLOR (no-color.org). Sets the
  /// locale's character type, to know how wide characters are, and remembers the settings that
  /// Restore brings back.
  static Terminal Open();
  bool interactive() const { return input && output; }
  std::string Escape(int style) const { return styled ? EscapeOf(style) : ""; }
  /// Columns now: a window may have changed.
  static int Width();
  /// Input as it was when the program began, however it ends; for any thread.
  static void Restore();
};

/// While it lives, what is typed is not shown; it is read when the next line is.
class QuietInput {
 public:
  QuietInput();
  ~QuietInput();
  QuietInput(const QuietInput&) = delete;
  QuietInput& operator=(const QuietInput&) = delete;

 private:
  bool changed_ = false;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_
