#include "samples/erato/chat/markdown_inline.h"

#include <algorithm>
#include <cctype>

#include "samples/erato/chat/characters.h"

namespace erato::command {
namespace {

constexpr size_t kNone = std::string_view::npos;         // it is not there
constexpr size_t kPerhaps = std::string_view::npos - 1;  // more text will tell

bool IsWord(char byte) { return std::isalnum(static_cast<unsigned char>(byte)) != 0; }
bool IsSpace(char byte) { return byte == ' ' || byte == '\t'; }
bool CanEscape(char byte) { return byte == '*' || byte == '_' || byte == '`'; }

size_t RunAt(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(text[at], at), text.size()) - at;
}

/// Where the run of exactly `count` backticks after the first one begins.
size_t FindCodeEnd(std::string_view text, size_t from, size_t count, bool whole) {
  for (size_t i = text.find('`', from); i < text.size();) {
    const size_t run = RunAt(text, i);
    if (run == count) return i + run == text.size() && !whole ? kPerhaps : i;
    i = text.find('`', i + run);
  }
  return whole ? kNone : kPerhaps;
}

/// Whether a run of `marker` that begins at `at` may end what one of `count` began.
bool Closes(std::string_view text, size_t at, size_t run, size_t count) {
  if (IsSpace(text[at - 1])) return false;
  if (text[at] == '_' && at + run < text.size() && IsWord(text[at + run])) return false;
  return run == count || (run == 3 && count < 3);  // ***: the ends of two
}

/// Where the markers that end a span begin, which `count` of `marker` opened before `from`.
size_t FindEmphasisEnd(std::string_view text, size_t from, char marker, size_t count, bool whole) {
  const size_t later = whole ? kNone : kPerhaps;
  for (size_t i = from; i < text.size();) {
    if (text[i] == '\\') {
      i += 2;
    } else if (text[i] == '`') {
      const size_t run = RunAt(text, i);
      const size_t end = FindCodeEnd(text, i + run, run, whole);
      if (end == kPerhaps) return kPerhaps;
      i = end == kNone ? i + run : end + run;
    } else if (text[i] == marker) {
      const size_t run = RunAt(text, i);
      if (i + run == text.size() && !whole) return kPerhaps;
      if (i > from && Closes(text, i, run, count)) return i + run - count;
      i += run;
    } else {
      ++i;
    }
  }
  return later;
}

}  // namespace

void InlineMarkdown::PutAsIs(std::string_view text, int style) {
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    emit_(character, style);
    before_ = character.back();
    text.remove_prefix(character.size());
  }
}

size_t InlineMarkdown::PutCode(std::string_view text, int style, bool whole) {
  const size_t run = RunAt(text, 0);
  if (run == text.size() && !whole) return 0;
  const size_t end = FindCodeEnd(text, run, run, whole);
  if (end == kPerhaps) return 0;
  if (end == kNone) {
    PutAsIs(text.substr(0, run), style);
    return run;
  }
  std::string_view code = text.substr(run, end - run);
  const bool padded = code.size() > 2 && code.front() == ' ' && code.back() == ' ';
  if (padded) code = code.substr(1, code.size() - 2);  // room for backticks inside
  PutAsIs(code, style | kCode);
  return end + run;
}

size_t InlineMarkdown::PutEmphasis(std::string_view text, int style, bool whole) {
  const char marker = text[0];
  const size_t run = RunAt(text, 0);
  if (run == text.size() && !whole) return 0;
  const bool after_letter = IsWord(before_) || (marker == '_' && (before_ & 0x80) != 0);
  const bool opens = run < text.size() && !IsSpace(text[run]) && !after_letter && run <= 3 &&
                     (marker == '*' || run == 1);
  const size_t end = opens ? FindEmphasisEnd(text, run, marker, run, whole) : kNone;
  if (end == kPerhaps) return 0;
  if (end == kNone) {
    PutAsIs(text.substr(0, run), style);
    return run;
  }
  const int more = (run != 1 ? kBold : 0) | (run != 2 ? kItalic : 0);
  before_ = ' ';
  Put(text.substr(run, end - run), style | more, true);
  before_ = marker;
  return end + run;
}

size_t InlineMarkdown::Put(std::string_view text, int style, bool whole) {
  size_t done = 0;
  while (done < text.size()) {
    const std::string_view rest = text.substr(done);
    const std::string_view held = rest.substr(0, kMostHeld);
    const bool sure = whole || rest.size() > kMostHeld;
    size_t bytes = 0;
    if (rest[0] == '`') {
      bytes = PutCode(held, style, sure);
    } else if (rest[0] == '*' || rest[0] == '_') {
      bytes = PutEmphasis(held, style, sure);
    } else if (rest[0] == '\\' && rest.size() > 1 && CanEscape(rest[1])) {
      PutAsIs(rest.substr(1, 1), style);
      bytes = 2;
    } else if (rest != "\\" || whole) {
      bytes = FirstCharacter(rest).size();
      PutAsIs(rest.substr(0, bytes), style);
    }
    if (bytes == 0) break;
    done += bytes;
  }
  return done;
}

}  // namespace erato::command
