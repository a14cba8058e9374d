#include "samples/erato/chat/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>

namespace erato::command {

Terminal Terminal::Open() {
  if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1)
    std::setlocale(LC_CTYPE, "C.UTF-8");
  Terminal terminal;
  terminal.input = isatty(STDIN_FILENO) == 1;
  terminal.output = isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  if (terminal.output && (no_color == nullptr || *no_color == 0) && kind != nullptr &&
      std::string_view(kind) != "dumb") {
    terminal.bold = "\033[1m";
    terminal.dim = "\033[2m";
    terminal.reset = "\033[0m";
  }
  return terminal;
}

int Terminal::Width() {
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

namespace {

bool Echo(bool on) {
  termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return false;
  if (((settings.c_lflag & ECHO) != 0) == on) return false;
  settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & ~static_cast<tcflag_t>(ECHO);
  return tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0;
}

}  // namespace

QuietInput::QuietInput() : changed_(Echo(false)) {}

QuietInput::~QuietInput() {
  if (changed_) Echo(true);
}

}  // namespace erato::command
