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
  int64_t prompt_tokens = 0, reused_tokens = 0, tokens = 0, reasoning_tokens = 0;
  double prompt_seconds = 0, seconds = 0;  // until the first token; from it to the last
};

class Conversation {
 public:
  /// Both outlive the conversation; `options` are read anew by every question.
  Conversation(const erato_model* model, erato_options* options);

  /// Takes a piece of the answer, or of the thinking before it.
  using Write = std::function<void(std::string_view piece, bool thinking)>;
  /// Asks, and hands each piece to `write`. Ctrl-C stops the answer; what came stays in the
  /// history, and a question without any answer does not.
  Answer Ask(const std::string& question, Interrupts& interrupts, const Write& write);
  /// Another answer to the last question; the same answer, longer.
  Answer Retry(Interrupts& interrupts, const Write& write);
  Answer Continue(Interrupts& interrupts, const Write& write);
  /// Takes the last question and its answer out of the history: the question.
  std::string Undo();
  bool empty() const;  // nothing was asked
  /// "" where a question comes last.
  std::string LastAnswer() const;

  /// Stands before the next question, after what was added before.
  void AddContext(const std::string& text) { context_ += context_.empty() ? text : "\n\n" + text; }
  void SetSystem(const std::string& text);
  void Clear();
  std::string History() const;  // JSON
  void SetHistory(const std::string& json);
  size_t CountTokens() const;
  const erato_model* model() const { return model_; }

  struct Totals {
    int64_t answers = 0, prompt_tokens = 0, reused_tokens = 0, tokens = 0;
    double prompt_seconds = 0, seconds = 0;
  };
  const Totals& totals() const { return totals_; }

 private:
  Answer Run(Interrupts& interrupts, const Write& write, bool& answered);
  std::string LastRole() const;
  void RemoveLast();

  const erato_model* model_;
  Handle<erato_session> session_;
  erato_options* options_;
  std::string context_;
  Totals totals_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_CONVERSATION_H_
