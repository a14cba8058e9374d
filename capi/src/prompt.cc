// From a chat to the ids that an answer goes on after.
#include <utility>

#include "capi/src/answer.h"
#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

// What was begun of a message follows the scaffold of a new answer: templates have no other way to
// leave one open. Thinking goes before the answer, in its block; that stays open where no answer
// was begun.
void AppendBegun(const ChatMessage& message, const TemplateFacts& facts,
                 std::vector<RenderedSpan>& spans, AnswerSettings& settings) {
  const MarkedString& answer = *ContentOf(message);
  if (!settings.reasoning_apart || facts.markers == nullptr) {
    spans.push_back({answer.text(), false});
    return;
  }
  const ReasoningMarkers& markers = *facts.markers;
  const MarkedString* thinking = TextAt(message, kReasoningKey);
  const bool thought = thinking != nullptr && !thinking->text().empty();
  bool inside = BeginsInside(spans, facts);
  if (thought && !inside) spans.push_back({Concat(markers.open, "\n"), true});
  inside |= thought;
  if (thought) spans.push_back({thinking->text(), false});
  if (answer.text().empty()) {
    settings.markers = &markers;
    settings.begins_inside = inside;
    return;
  }
  if (inside) spans.push_back({Concat("\n", markers.close, "\n\n"), true});
  spans.push_back({answer.text(), false});
}

}  // namespace

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
  const bool begun = !chat.messages.empty() && ContentOf(chat.messages.back()) != nullptr;
  if (!begun || RoleOf(chat.messages.back()) != "assistant") {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[chat] role of the last message, got ",
                       chat.messages.empty() ? "none" : RoleOf(chat.messages.back()),
                       ", expected assistant, to go on with it"),
                "continue_last");
  }
  Chat before = chat;
  before.messages.pop_back();
  ERATO_ASSIGN_OR_RETURN(auto spans, RenderChat(chat_template, facts, before, true, &tokenizer));
  AppendBegun(chat.messages.back(), facts, spans, settings);
  return EncodeSpans(tokenizer, spans);
}

}  // namespace erato::capi
