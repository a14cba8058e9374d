#include "samples/erato/chat/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace erato::command {
namespace {

std::optional<termios> first_settings;  // written once, before other threads start

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool Echo(bool on) {
  termios settings;
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return false;
  if (((settings.c_lflag & ECHO) != 0) == on) return false;
  settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & ~static_cast<tcflag_t>(ECHO);
  return tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0;
}

}  // namespace

Terminal Terminal::Open() {
  if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1)
    std::setlocale(LC_CTYPE, "C.UTF-8");
  Terminal terminal;
  terminal.input = isatty(STDIN_FILENO) == 1;
  terminal.output = isatty(STDOUT_FILENO) == 1;
  terminal.dumb = Variable("TERM").empty() || Variable("TERM") == "dumb";
  terminal.styled = terminal.output && !terminal.dumb && Variable("NO_COLOR").empty();
  termios settings;
  if (terminal.input && tcgetattr(STDIN_FILENO, &settings) == 0) first_settings = settings;
  return terminal;
}

int Terminal::Width() {
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void Terminal::Restore() {
  if (first_settings) tcsetattr(STDIN_FILENO, TCSANOW, &*first_settings);
}

QuietInput::QuietInput() : changed_(Echo(false)) {}

QuietInput::~QuietInput() {
  if (changed_) Echo(true);
}

}  // namespace erato::command
