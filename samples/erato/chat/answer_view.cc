#include "samples/erato/chat/answer_view.h"

#include "samples/erato/lines.h"

namespace erato::command {

AnswerView::AnswerView(const Terminal& terminal, bool show_thinking)
    : terminal_(terminal), show_thinking_(show_thinking) {
  Begin(kPlain);
}

void AnswerView::Begin(int style) { markdown_.emplace(Terminal::Width(), terminal_.styled, style); }

void AnswerView::Show(std::string_view text) {
  if (text.empty()) return;
  if (waiting_) waiting_->End();
  Write(text);
  line_start_ = text.back() == '\n';
}

void AnswerView::BeginThinking() {
  thinking_ = true;
  Show(terminal_.Escape(kDim) + "Thinking" + (show_thinking_ ? ":" : " …") +
       terminal_.Escape(kPlain) + "\n");
  line_start_ = true;
  Begin(kDim);
}

void AnswerView::EndThinking() {
  Show(markdown_->Finish());
  if (!line_start_) Show("\n");
  Show("\n");
  Begin(kPlain);
  thinking_ = false;
}

void AnswerView::Put(std::string_view piece, bool thinking) {
  if (!terminal_.output) return Show(thinking ? std::string_view() : piece);
  if (thinking && !thinking_) BeginThinking();
  if (!thinking && thinking_) EndThinking();
  if (thinking && !show_thinking_) return;
  markdown_->SetWidth(Terminal::Width());
  Show(markdown_->Put(piece));
}

Answer AnswerView::Run(const std::function<Answer(const Conversation::Write&)>& asked) {
  waiting_.emplace(terminal_);
  try {
    const Answer answer =
        asked([this](std::string_view piece, bool thinking) { Put(piece, thinking); });
    Finish();
    return answer;
  } catch (const Failure&) {
    Finish();
    throw;
  }
}

void AnswerView::Finish() {
  if (waiting_) waiting_->End();
  Show(markdown_->Finish());
  if (!line_start_) Show("\n");
}

}  // namespace erato::command
