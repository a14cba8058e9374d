// From a chat to the ids that an answer goes on after.
#include <utility>

#include "capi/src/answer.h"
#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {

absl::StatusOr<std::vector<int32_t>> MakePrompt(const ChatTemplate& chat_template,
                                                const TemplateFacts& facts, const Chat& chat,
                                                const Tokenizer& tokenizer,
                                                AnswerSettings& settings) {
  if (!settings.continue_last) {
    ERATO_ASSIGN_OR_RETURN(const auto spans,
                           RenderChat(chat_template, facts, chat, true, &tokenizer));
    settings.markers = facts.markers;
    settings.begins_inside = BeginsInside(spans, facts);
    return EncodeSpans(tokenizer, spans);
  }
  const MarkedString* begun = chat.messages.empty() ? nullptr : ContentOf(chat.messages.back());
  if (begun == nullptr || RoleOf(chat.messages.back()) != "assistant") {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[chat] role of the last message, got ",
                       chat.messages.empty() ? "none" : RoleOf(chat.messages.back()),
                       ", expected assistant, to go on with it"),
                "continue_last");
  }
  // What was begun follows the scaffold of a new answer: templates have no other way to leave one
  // open.
  Chat before = chat;
  before.messages.pop_back();
  ERATO_ASSIGN_OR_RETURN(auto spans, RenderChat(chat_template, facts, before, true, &tokenizer));
  spans.push_back({begun->text(), false});
  return EncodeSpans(tokenizer, spans);
}

}  // namespace erato::capi
