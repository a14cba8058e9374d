#include "samples/search/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace search {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr size_t kBar = 24;  // columns

std::string Bar(double fraction) {
  const auto done = static_cast<size_t>(fraction * kBar);
  std::string bar;
  for (size_t i = 0; i < kBar; ++i) bar += i < done ? "━" : "─";
  return bar;
}

}  // namespace

size_t Columns(int descriptor) {
  winsize size = {};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

Progress::Progress() : terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { Clear(); }

void Progress::Show(double fraction, std::string_view what) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now < next_) return;
  next_ = now + kPause;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const size_t taken = kBar + 8;
  const size_t columns = Columns(STDERR_FILENO);
  const size_t room = columns > taken ? columns - taken : 0;
  if (what.size() > room) what.remove_prefix(what.size() - room);  // the end of a path says more
  while (!what.empty() && (static_cast<unsigned char>(what[0]) & 0xC0) == 0x80) {
    what.remove_prefix(1);  // not in the middle of a character
  }
  std::fprintf(stderr, "\r\x1b[K%3.0f%% %s  %.*s", fraction * 100, Bar(fraction).c_str(),
               static_cast<int>(what.size()), what.data());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::Say(std::string_view line) {
  Clear();
  std::fprintf(stderr, "search: %.*s\n", static_cast<int>(line.size()), line.data());
}

void Progress::Clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace search
