// A chat session with what the chatbot counts about it.
#ifndef ERATO_SAMPLES_ERATO_CHAT_CONVERSATION_H_
#define ERATO_SAMPLES_ERATO_CHAT_CONVERSATION_H_

#include <functional>
#include <string>
#include <string_view>

#include "samples/erato/chat/interrupts.h"
#include "samples/erato/handles.h"

namespace erato::command {

struct Answer {
  erato_finish finish = ERATO_FINISH_NONE;
  int64_t prompt_tokens = 0, reused_tokens = 0, tokens = 0;
  double prompt_seconds = 0, seconds = 0;  // until the first token; from it to the last
};

class Conversation {
 public:
  /// Both outlive the conversation; `options` are read anew by every question.
  Conversation(const erato_model* model, const erato_options* options);

  /// Asks, and hands each piece to `write`. Ctrl-C stops the answer; what came stays in the
  /// history, and a question without any answer does not.
  Answer Ask(const std::string& question, Interrupts& interrupts,
             const std::function<void(std::string_view)>& write);

  void SetSystem(const std::string& text);
  void Clear();
  std::string History() const;  // JSON
  void SetHistory(const std::string& json);
  size_t CountTokens() const;

  struct Totals {
    int64_t answers = 0, prompt_tokens = 0, reused_tokens = 0, tokens = 0;
    double prompt_seconds = 0, seconds = 0;
  };
  const Totals& totals() const { return totals_; }

 private:
  Handle<erato_session> session_;
  const erato_options* options_;
  Totals totals_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_CONVERSATION_H_
