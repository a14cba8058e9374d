#include <cwchar>

#include "samples/erato/chat/terminal.h"

namespace erato::command {
namespace {

/// Bytes of the code point that `lead` begins.
size_t Length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// Columns of a code point; -1 for control characters.
int Columns(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead >= 0x7f ? -1 : 1;
  constexpr unsigned char kLeadBits[] = {0, 0, 0x1f, 0x0f, 0x07};
  auto code = static_cast<wchar_t>(lead & kLeadBits[character.size()]);
  for (const char byte : character.substr(1))
    code = static_cast<wchar_t>(code << 6 | (byte & 0x3f));
  if (code < 0xa0) return -1;
  const int columns = wcwidth(code);
  return columns < 0 ? 1 : columns;  // newer than the C library's tables
}

}  // namespace

std::string WordWrap::Put(std::string_view piece) {
  std::string out;
  for (size_t i = 0; i < piece.size();) {
    const std::string_view character =
        piece.substr(i, Length(static_cast<unsigned char>(piece[i])));
    *bold_ == 0 ? Add(character, out) : AddStyled(character, out);
    i += character.size();
  }
  return out;
}

void WordWrap::Bold(bool on) {
  if (strong_ == on) return;
  word_ += on ? bold_ : reset_;
  strong_ = on;
}

/// Stars that turned out to be two are a switch, unless they would open before a space; others are
/// stars.
void WordWrap::EndStars(bool before_space, std::string& out) {
  const int stars = stars_;
  stars_ = 0;
  if (stars == 2 && !heading_ && (strong_ || !before_space)) return Bold(!strong_);
  for (int i = 0; i < stars; ++i) Add("*", out);
}

void WordWrap::AddStyled(std::string_view character, std::string& out) {
  if (character == "*" && !code_) {
    ++stars_;
    return;
  }
  const bool space = character == " " || character == "\t" || character == "\n";
  if (stars_ > 0) EndStars(space, out);
  if (character == "#" && line_head_.empty() && word_.empty() && !code_) {
    heading_ = true;
    Bold(true);
  }
  if (character == "\n" && !code_) {
    heading_ = false;
    Bold(false);
  }
  Add(character, out);
}

void WordWrap::Add(std::string_view character, std::string& out) {
  if (character == "\n") return EndLine(out);
  if (line_head_.size() < 3) line_head_ += character;
  if (character == " " || character == "\t") {
    EndWord(out);
    spaces_ += character == " " ? 1 : 4;
    return;
  }
  const int columns = Columns(character);
  if (columns < 0) return;
  const bool wide = columns == 2;  // scripts without spaces may break between any two characters
  if (wide || (!code_ && word_width_ + columns >= width_)) EndWord(out);
  word_ += character;
  word_width_ += columns;
  if (wide) EndWord(out);
}

void WordWrap::EndWord(std::string& out) {
  if (word_.empty()) return;
  if (!code_ && column_ > 0 && column_ + spaces_ + word_width_ >= width_) {
    out += '\n';
    column_ = spaces_ = 0;
  }
  out.append(spaces_, ' ').append(word_);
  column_ += spaces_ + word_width_;
  spaces_ = word_width_ = 0;
  word_.clear();
}

void WordWrap::EndLine(std::string& out) {
  EndWord(out);
  if (line_head_ == "```") code_ = !code_;
  out += '\n';
  column_ = spaces_ = 0;
  line_head_.clear();
}

std::string WordWrap::Finish() {
  std::string out;
  if (stars_ > 0) EndStars(true, out);
  Bold(false);
  EndWord(out);
  return out;
}

}  // namespace erato::command
