// Text that comes piece by piece, laid out in lines of a width.
#ifndef ERATO_SAMPLES_ERATO_CHAT_WORD_WRAP_H_
#define ERATO_SAMPLES_ERATO_CHAT_WORD_WRAP_H_

#include <string>
#include <string_view>

#include "samples/erato/chat/style.h"

namespace erato::command {

/// Words fall to the next line whole; one that no line holds is broken. What comes in is kept back
/// until its word is complete, and what was given out is never touched again. Control characters
/// never come out. Lines stay one column short of the width: in the last one, terminals differ.
class WordWrap {
 public:
  /// styled: styles become escape sequences; else they are dropped.
  explicit WordWrap(int width, bool styled = false) : styled_(styled) { SetWidth(width); }
  /// From the next break on: a window may change while text comes.
  void SetWidth(int width) { width_ = width < 4 ? 4 : width; }

  /// One code point.
  void Put(std::string_view character, int style = kPlain);
  void PutText(std::string_view text, int style = kPlain);
  void EndLine();
  /// Lines that break from here on go on behind `prefix`, until the line's end. One that would
  /// leave too little room is dropped.
  void Hang(std::string prefix, int style = kPlain);
  /// Until it is set back, lines are not broken and spaces stay where they are.
  void Verbatim(bool on);
  /// Whole lines, as they are.
  void PutLines(std::string_view lines);
  /// The last word, and styles off. Text may still follow.
  void Flush();
  /// Forgets what is kept back, and begins a line.
  void Drop();
  /// What came out since the last call.
  std::string Take();

 private:
  void EndWord();
  void Break();
  void Write(std::string_view text, int style, std::string& out);

  const bool styled_;
  int width_ = 80, column_ = 0, spaces_ = 0, word_columns_ = 0;
  int style_ = kPlain;        // of what was written last
  int break_style_ = kPlain;  // of what was written last before word_
  bool verbatim_ = false;
  std::string out_, word_, hang_;
  int hang_style_ = kPlain, hang_columns_ = 0;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_WORD_WRAP_H_
