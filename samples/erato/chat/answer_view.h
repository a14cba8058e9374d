// An answer on its way to stdout.
#ifndef ERATO_SAMPLES_ERATO_CHAT_ANSWER_VIEW_H_
#define ERATO_SAMPLES_ERATO_CHAT_ANSWER_VIEW_H_

#include <functional>
#include <optional>
#include <string_view>

#include "samples/erato/chat/conversation.h"
#include "samples/erato/chat/markdown.h"
#include "samples/erato/chat/terminal.h"
#include "samples/erato/chat/waiting.h"

namespace erato::command {

/// On a terminal laid out as Markdown, thinking dim and under a title; a pipe gets the answer
/// alone, byte by byte. Throws Failure where stdout takes no more.
class AnswerView {
 public:
  /// show_thinking: else a word stands for it.
  AnswerView(const Terminal& terminal, bool show_thinking);
  /// Shows what `asked` gives, and whatever it throws, ends.
  Answer Run(const std::function<Answer(const Conversation::Write&)>& asked);
  /// What comes goes on after `text`, which was shown before.
  void Resume(std::string_view text) { markdown_->Resume(text); }
  void Put(std::string_view piece, bool thinking);
  /// The rest, and the end of the last line. Before it, nothing may be printed.
  void Finish();

 private:
  void Show(std::string_view text);
  void BeginThinking();
  void EndThinking();
  void Begin(int style);

  const Terminal& terminal_;
  const bool show_thinking_;
  bool line_start_ = true, thinking_ = false;
  const QuietInput quiet_;
  std::optional<Waiting> waiting_;    // while Run does
  std::optional<Markdown> markdown_;  // always there
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_ANSWER_VIEW_H_
