#include "samples/erato/chat/conversation.h"

namespace erato::command {

Conversation::Conversation(const erato_model* model, const erato_options* options)
    : session_(Make<erato_session>(erato_session_create, model,
                                   static_cast<const erato_options*>(nullptr))),
      options_(options) {}

Answer Conversation::Ask(const std::string& question, Interrupts& interrupts,
                         const std::function<void(std::string_view)>& write) {
  Call(erato_session_add_text, session_.get(), erato_role{ERATO_ROLE_USER}, question.data(),
       question.size());
  bool answered = false;
  Answer answer;
  try {
    const auto stream = Make<erato_stream>(erato_session_answer, session_.get(), options_);
    const Interrupts::Guard guard(interrupts, [raw = stream.get()] { erato_stream_cancel(raw); });
    try {
      while (Call(erato_stream_advance, stream.get()) == ERATO_OK) {
        answered = true;
        write(Piece(stream.get()));
      }
    } catch (const Failure& failure) {
      if (failure.status() != ERATO_CANCELLED && failure.status() != ERATO_DEADLINE) throw;
    }
    answer = {
        erato_stream_finish_reason(stream.get()),  erato_stream_prompt_tokens(stream.get()),
        erato_stream_reused_tokens(stream.get()),  erato_stream_generated_tokens(stream.get()),
        erato_stream_prompt_seconds(stream.get()), erato_stream_generate_seconds(stream.get())};
  } catch (const Failure&) {
    if (!answered) Call(erato_session_remove_last, session_.get());
    throw;
  }
  if (!answered) Call(erato_session_remove_last, session_.get());
  totals_.answers += answered;
  totals_.prompt_tokens += answer.prompt_tokens;
  totals_.reused_tokens += answer.reused_tokens;
  totals_.tokens += answer.tokens;
  totals_.prompt_seconds += answer.prompt_seconds;
  totals_.seconds += answer.seconds;
  return answer;
}

void Conversation::SetSystem(const std::string& text) {
  Call(erato_session_set_system, session_.get(), text.data(), text.size());
}

void Conversation::Clear() { Call(erato_session_clear, session_.get()); }

std::string Conversation::History() const {
  return String(Make<erato_text>(erato_session_history, session_.get()));
}

void Conversation::SetHistory(const std::string& json) {
  Call(erato_session_set_history, session_.get(), json.data(), json.size());
}

size_t Conversation::CountTokens() const {
  size_t count = 0;
  Call(erato_session_count_tokens, session_.get(), &count);
  return count;
}

}  // namespace erato::command
