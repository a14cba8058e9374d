// An answer in Markdown, laid out for a terminal while it comes.
#ifndef ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_H_
#define ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/erato/chat/markdown_inline.h"
#include "samples/erato/chat/markdown_table.h"
#include "samples/erato/chat/style.h"
#include "samples/erato/chat/word_wrap.h"

namespace erato::command {

/// Headings, lists, quotes, rules, tables, code between fences, and what InlineMarkdown knows; all
/// else is text. What is written is never written again, so nothing flickers: a line's first
/// characters are kept back until they tell what it is, a row of a table until it is whole.
///
/// Without styles the text stays as it is, markers and all; it is still wrapped, lists hang, and
/// code and tables keep their lines.
class Markdown {
 public:
  /// style: under that of all text. Very wide windows are filled by tables and code alone.
  Markdown(int width, bool styled, int style = kPlain);
  Markdown(const Markdown&) = delete;
  Markdown& operator=(const Markdown&) = delete;
  void SetWidth(int width);
  /// What can be written after `piece`, which is whole code points.
  std::string Put(std::string_view piece);
  /// The rest.
  std::string Finish();
  /// Goes on after `text`, which was written elsewhere: a block of code that it opened is open.
  void Resume(std::string_view text);

 private:
  enum class In { kHead, kText, kCodeHead, kCode };
  /// Works off some of pending_; false where more text must come, or the end (whole).
  bool Step(bool whole);
  bool StepHead(bool whole);
  bool StepText(bool whole);
  bool StepCodeHead(bool whole);
  bool StepCode();

  // Each gives the bytes that it took of `line`, the rest of the line so far; kUndecided where they
  // cannot be told yet. 0: it is something else. ended: the line is whole.
  size_t TakeRule(std::string_view line, bool ended);
  size_t TakeFence(std::string_view line, bool ended);
  size_t TakeHeading(std::string_view line, bool ended);
  size_t TakeQuote(std::string_view line, bool ended);
  size_t TakeItem(std::string_view line, bool ended);
  size_t TakeTable(std::string_view line, bool ended);
  size_t TakeBlock(std::string_view line, bool ended);

  void EndTable();
  void EndLine();
  /// Writes a marker; further rows of the line have `hang` in its place.
  void Mark(const std::string& shown, const std::string& hang, int style);
  void PutLine(std::string_view line, int style);  // unbroken

  const bool styled_;
  const int base_;
  int width_;
  WordWrap wrap_;
  InlineMarkdown inline_;
  In in_ = In::kHead;
  std::string pending_;  // not worked off yet
  // Of the line: its style, the prefix of its further rows, its markers.
  int text_style_;
  std::string hang_;
  int marks_ = 0;
  bool quoted_ = false;
  // Of the block.
  std::string fence_;                               // what opened the code
  std::optional<std::vector<std::string>> header_;  // a row that may become a table's
  std::string header_line_;
  std::optional<Table> table_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_H_
