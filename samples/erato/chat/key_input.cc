#include "samples/erato/chat/key_input.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace erato::command {
namespace {

volatile std::sig_atomic_t resized = 0;

sigset_t Resizes() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  return set;
}

struct Decoded {
  wchar_t character;
  size_t bytes;  // 0: more must come
};

/// The character that `bytes`, which are not empty, begin with.
Decoded Decode(std::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return {static_cast<wchar_t>(lead), 1};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr Decoded kWrong = {0xfffd, 1};
  if (lead < 0xc2 || lead > 0xf4) return kWrong;
  unsigned code = lead & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {0, 0};
    if ((at(i) & 0xc0) != 0x80) return kWrong;
    code = code << 6 | (at(i) & 0x3f);
  }
  const unsigned least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return kWrong;
  return {static_cast<wchar_t>(code), length};
}

}  // namespace

KeyInput::KeyInput() {
  struct sigaction action = {};
  action.sa_handler = [](int) { resized = 1; };
  sigaction(SIGWINCH, &action, &before_);
  const sigset_t set = Resizes();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

KeyInput::~KeyInput() { sigaction(SIGWINCH, &before_, nullptr); }

bool KeyInput::Fill() {
  sigset_t waiting;
  pthread_sigmask(SIG_BLOCK, nullptr, &waiting);
  sigdelset(&waiting, SIGWINCH);  // comes while we wait, and at no other time
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  if (ppoll(&input, 1, nullptr, &waiting) < 0) return errno == EINTR;
  char buffer[4096];
  const ssize_t count = read(STDIN_FILENO, buffer, sizeof(buffer));
  if (count > 0) bytes_.append(buffer, static_cast<size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

std::optional<wchar_t> KeyInput::Next() {
  while (true) {
    if (resized) {
      resized = 0;
      return kResized;
    }
    if (!bytes_.empty()) {
      Decoded next = Decode(bytes_);
      if (next.bytes == 0 && ended_) next = {0xfffd, 1};
      bytes_.erase(0, next.bytes);
      if (next.bytes > 0) return next.character;
    } else if (ended_) {
      return std::nullopt;
    }
    ended_ = !Fill();
  }
}

std::wstring KeyInput::Pasted() {
  constexpr std::wstring_view kEnd = L"\033[201~";
  std::wstring text;
  for (size_t met = 0; met < kEnd.size();) {  // characters of kEnd that came last
    const std::optional<wchar_t> next = Next();
    if (!next) return {};
    met = *next == kEnd[met] ? met + 1 : *next == kEnd[0] ? 1 : 0;
    if (*next == L'\n' && text.ends_with(L'\r')) text.pop_back();
    text += *next;
  }
  text.resize(text.size() - kEnd.size());
  std::wstring clean;
  for (const wchar_t character : text) {
    if (character == L'\r' || character == L'\n') clean += L'\n';
    if (character == L'\t' || character >= 0xa0 || (character >= 0x20 && character < 0x7f))
      clean += character;
  }
  return clean;
}

}  // namespace erato::command
