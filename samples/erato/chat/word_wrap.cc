#include "samples/erato/chat/word_wrap.h"

#include <utility>

#include "samples/erato/chat/characters.h"

namespace erato::command {
namespace {

constexpr int kLeastRoom = 12;  // columns that a hanging prefix must leave

}  // namespace

void WordWrap::Write(std::string_view text, int style, std::string& out) {
  if (styled_ && style != style_) out += EscapeOf(style);
  style_ = style;
  out += text;
}

void WordWrap::PutText(std::string_view text, int style) {
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    Put(character, style);
    text.remove_prefix(character.size());
  }
}

void WordWrap::Put(std::string_view character, int style) {
  if (character == "\n") return EndLine();
  if (character == " " || character == "\t") {
    EndWord();
    spaces_ += character == " " ? 1 : 4;
    return;
  }
  const int columns = Columns(character);
  if (columns < 0) return;
  const bool wide = columns == 2;  // scripts without spaces may break between any two characters
  if (wide || (!verbatim_ && word_columns_ + columns >= width_)) EndWord();
  if (word_.empty()) break_style_ = style_;
  Write(character, style, word_);
  word_columns_ += columns;
  if (wide || verbatim_) EndWord();
}

void WordWrap::EndWord() {
  if (word_.empty()) return;
  if (!verbatim_ && column_ > hang_columns_ && column_ + spaces_ + word_columns_ >= width_) Break();
  out_.append(spaces_, ' ').append(word_);
  column_ += spaces_ + word_columns_;
  spaces_ = word_columns_ = 0;
  word_.clear();
}

void WordWrap::Break() {
  out_ += '\n';
  if (styled_ && hang_style_ != kPlain) {
    out_ += EscapeOf(hang_style_) + hang_ + EscapeOf(break_style_);
  } else {
    out_ += hang_;
  }
  column_ = hang_columns_;
  spaces_ = 0;
}

void WordWrap::EndLine() {
  Flush();
  out_ += '\n';
  column_ = spaces_ = 0;
  hang_.clear();
  hang_columns_ = 0;
}

void WordWrap::Hang(std::string prefix, int style) {
  const int columns = ColumnsOf(prefix);
  if (columns + kLeastRoom > width_) return;
  hang_ = std::move(prefix);
  hang_style_ = style;
  hang_columns_ = columns;
}

void WordWrap::Verbatim(bool on) {
  EndWord();
  verbatim_ = on;
}

void WordWrap::PutLines(std::string_view lines) {
  Flush();
  out_ += lines;
}

void WordWrap::Flush() {
  EndWord();
  if (styled_ && style_ != kPlain) out_ += EscapeOf(kPlain);
  style_ = kPlain;
}

void WordWrap::Drop() {
  word_.clear();
  hang_.clear();
  column_ = spaces_ = word_columns_ = hang_columns_ = 0;
  style_ = kPlain;
  Take();
}

std::string WordWrap::Take() { return std::exchange(out_, {}); }

}  // namespace erato::command
