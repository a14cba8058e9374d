#include "samples/erato/chat/conversation.h"

#include "samples/erato/arguments.h"
#include "samples/erato/json.h"

namespace erato::command {

Conversation::Conversation(const erato_model* model, erato_options* options)
    : model_(model),
      session_(Make<erato_session>(erato_session_create, model,
                                   static_cast<const erato_options*>(nullptr))),
      options_(options) {}

Answer Conversation::Ask(const std::string& question, Interrupts& interrupts, const Write& write) {
  const std::string asked = context_.empty() ? question : context_ + "\n\n" + question;
  Call(erato_session_add_text, session_.get(), erato_role{ERATO_ROLE_USER}, asked.data(),
       asked.size());
  bool answered = false;
  try {
    const Answer answer = Run(interrupts, write, answered);
    if (!answered) RemoveLast();
    context_.clear();
    return answer;
  } catch (const Failure&) {
    if (!answered) RemoveLast();
    throw;
  }
}

Answer Conversation::Retry(Interrupts& interrupts, const Write& write) {
  if (empty()) throw Failure("there is no question to answer again");
  if (LastRole() == "assistant") RemoveLast();
  bool answered = false;
  return Run(interrupts, write, answered);
}

Answer Conversation::Continue(Interrupts& interrupts, const Write& write) {
  if (LastRole() != "assistant") throw Failure("there is no answer to go on with");
  SetOption(options_, "continue_last", "true");
  const auto reset = [this] {
    erato_options_reset(options_, ERATO_GENERATE_CONTINUE_LAST, nullptr);
  };
  bool answered = false;
  try {
    const Answer answer = Run(interrupts, write, answered);
    reset();
    return answer;
  } catch (const Failure&) {
    reset();
    throw;
  }
}

std::string Conversation::Undo() {
  if (empty()) throw Failure("there is nothing to undo");
  while (LastRole() != "user") RemoveLast();
  std::string question = Member(Elements(History()).back(), "content");
  RemoveLast();
  return question;
}

bool Conversation::empty() const {
  const std::string role = LastRole();
  return role.empty() || role == "system";
}

std::string Conversation::LastRole() const {
  const std::vector<std::string> messages = Elements(History());
  return messages.empty() ? "" : Member(messages.back(), "role");
}

std::string Conversation::LastAnswer() const {
  if (LastRole() != "assistant") return "";
  return Member(Elements(History()).back(), "content");
}

void Conversation::RemoveLast() { Call(erato_session_remove_last, session_.get()); }

Answer Conversation::Run(Interrupts& interrupts, const Write& write, bool& answered) {
  const auto stream = Make<erato_stream>(erato_session_answer, session_.get(),
                                         static_cast<const erato_options*>(options_));
  {
    const Interrupts::Guard guard(interrupts, [raw = stream.get()] { erato_stream_cancel(raw); });
    try {
      while (Call(erato_stream_advance, stream.get()) == ERATO_OK) {
        answered = true;
        const bool thinking = erato_stream_piece_kind(stream.get()) == ERATO_PIECE_REASONING;
        write(Piece(stream.get()), thinking);
      }
    } catch (const Failure& failure) {
      if (failure.status() != ERATO_CANCELLED && failure.status() != ERATO_DEADLINE) throw;
    }
  }
  const Answer answer = {
      erato_stream_finish_reason(stream.get()),    erato_stream_prompt_tokens(stream.get()),
      erato_stream_reused_tokens(stream.get()),    erato_stream_generated_tokens(stream.get()),
      erato_stream_reasoning_tokens(stream.get()), erato_stream_prompt_seconds(stream.get()),
      erato_stream_generate_seconds(stream.get())};
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

void Conversation::Clear() {
  Call(erato_session_clear, session_.get());
  context_.clear();
}

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
