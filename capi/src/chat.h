// A chat as the host tells it, and the tokens that it becomes.
#ifndef ERATO_CAPI_SRC_CHAT_H_
#define ERATO_CAPI_SRC_CHAT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/reasoning.h"
#include "core/base/json.h"
#include "erato/session.h"
#include "tokenizer/template/chat_template.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

/// One message: role, content and whatever else the template understands, in the host's order.
/// Text knows which of its bytes the host trusts.
using ChatMessage = Dict;

struct Chat {
  std::vector<ChatMessage> messages;
  Value tools;     // none = not given
  Dict variables;  // further ones for the template
};

/// "system", "user", …; INVALID_ARGUMENT for what is no role.
absl::StatusOr<std::string_view> RoleName(erato_role role);
/// The role of a message, or "".
std::string_view RoleOf(const ChatMessage& message);
/// The key of the thinking before a message's content.
inline constexpr const char* kReasoningKey = "reasoning_content";
/// The text of a key; null where it has none.
const MarkedString* TextAt(const ChatMessage& message, std::string_view key);
const MarkedString* ContentOf(const ChatMessage& message);
ChatMessage TextMessage(std::string_view role, MarkedString text);
/// `json`: {"role": …, "content": text, null, or parts}. Parts of text are joined; UNSUPPORTED
/// names the modality of others. `where`: "messages[3]", the parameter to blame.
absl::StatusOr<ChatMessage> ParseMessage(const Json& json, const std::string& where);
absl::StatusOr<std::vector<ChatMessage>> ParseMessages(const Json& json, const std::string& where);

/// What a template's source tells before it is run.
struct TemplateFacts {
  const ReasoningMarkers* markers = nullptr;
  std::vector<std::string> roles;  // those that it names
  bool Names(std::string_view role) const;
};
TemplateFacts FactsOf(std::string_view template_source);
/// The answer begins inside a block of thinking, which the prompt has opened.
bool BeginsInside(const std::vector<RenderedSpan>& spans, const TemplateFacts& facts);

/// What the template makes of the chat, and of the answer's begin if `ask`. `tokenizer` gives
/// bos_token and eos_token; null = they are undefined. A developer is the system where the template
/// does not name one. UNSUPPORTED where the template passes over a message whose role it does not
/// name.
absl::StatusOr<std::vector<RenderedSpan>> RenderChat(const ChatTemplate& chat_template,
                                                     const TemplateFacts& facts, const Chat& chat,
                                                     bool ask, const Tokenizer* tokenizer);
/// The same with every variable given as JSON: {"messages": …, …}.
absl::StatusOr<std::vector<RenderedSpan>> RenderVariables(const ChatTemplate& chat_template,
                                                          const Json& variables,
                                                          const Tokenizer* tokenizer);
/// Scaffold may hold control tokens, content may not.
absl::StatusOr<std::vector<int32_t>> EncodeSpans(const Tokenizer& tokenizer,
                                                 const std::vector<RenderedSpan>& spans);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_CHAT_H_
