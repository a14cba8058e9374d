// What the program talks to: a screen or a pipe, how wide, with colours or without.
#ifndef ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_
#define ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_

#include <string>
#include <string_view>

namespace erato::command {

struct Terminal {
  bool input = false, output = false;  // are they a terminal?
  const char *bold = "", *dim = "", *reset = "";

  /// Colours only on a terminal that is not dumb, and not against NO_COLOR (no-color.org). Sets the
  /// locale's character type, to know how wide characters are.
  static Terminal Open();
  bool interactive() const { return input && output; }
  /// Columns now: a window may have changed.
  static int Width();
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

/// Words fall to the next line whole. What comes in is kept back until its word is complete. Lines
/// of a code block (from ``` to ```) stay as they are; control characters never reach the terminal.
/// With styles, **strong** words and lines that begin with # are bold: the stars go, the # stays.
class WordWrap {
 public:
  explicit WordWrap(int width, const char* bold = "", const char* reset = "")
      : width_(width < 2 ? 2 : width), bold_(bold), reset_(reset) {}
  /// What can be written after `piece`, which is whole code points.
  std::string Put(std::string_view piece);
  /// The rest.
  std::string Finish();

 private:
  void Add(std::string_view character, std::string& out);
  void AddStyled(std::string_view character, std::string& out);
  void EndStars(bool before_space, std::string& out);
  void Bold(bool on);
  void EndWord(std::string& out);
  void EndLine(std::string& out);

  int width_, column_ = 0, spaces_ = 0, word_width_ = 0;
  const char *bold_, *reset_;
  int stars_ = 0;         // seen, not written yet
  bool strong_ = false;   // bold is on
  bool heading_ = false;  // and the line is one
  bool code_ = false;
  std::string word_, line_head_;  // line_head_: the first three characters of the line
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_TERMINAL_H_
