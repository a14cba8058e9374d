#include "capi/src/chat.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "capi/src/error.h"
#include "capi/src/template_value.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

/// The text of a member; null where it is none.
const std::string* TextOfMember(const Json& object, std::string_view name) {
  const Json* member = object.Find(name);
  return member == nullptr ? nullptr : member->string();
}

absl::StatusOr<std::string> PartText(const Json& part, const std::string& where) {
  const std::string* told = TextOfMember(part, "type");
  const std::string type = told == nullptr ? "" : *told;
  if (type == "text") {
    if (const std::string* text = TextOfMember(part, "text")) return *text;
    return Fail(ERATO_INVALID_ARGUMENT, Concat("[", where, ".text] value, expected a text"),
                where + ".text");
  }
  for (const std::string_view modality : {"image", "audio", "video"}) {
    if (type.find(modality) == std::string::npos) continue;
    return Fail(ERATO_UNSUPPORTED,
                Concat("[", where, "] modality, got ", modality, ", expected text"), where);
  }
  return Fail(
      ERATO_INVALID_ARGUMENT,
      Concat("[", where, ".type] part, got \"", type.substr(0, 40), "\", expected \"text\""),
      where + ".type");
}

absl::StatusOr<std::string> JoinParts(const Json& parts, const std::string& where) {
  std::string joined;
  for (size_t i = 0; i < parts.size(); ++i) {
    ERATO_ASSIGN_OR_RETURN(const std::string text, PartText(parts[i], Concat(where, "[", i, "]")));
    joined += text;
  }
  return joined;
}

void AddTokenNames(const Tokenizer* tokenizer, Dict& dict) {
  if (tokenizer == nullptr) return;
  const Vocabulary& vocabulary = tokenizer->vocabulary();
  const auto add = [&](const char* name, int32_t id) {
    if (id >= 0) dict.emplace_back(name, Value(MarkedString(vocabulary.pieces[id], true)));
  };
  add("bos_token", vocabulary.bos);
  add("eos_token", vocabulary.eos);
}

// What is there already stays.
void AddMissing(const Dict& more, Dict& dict) {
  for (const auto& [key, value] : more) {
    const auto same = [&key = key](const auto& entry) { return entry.first == key; };
    if (std::none_of(dict.begin(), dict.end(), same)) dict.emplace_back(key, value);
  }
}

constexpr std::string_view kSpace = " \t\r\n";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

ChatMessage ForTemplate(const ChatMessage& message, const TemplateFacts& facts) {
  ChatMessage out = message;
  if (RoleOf(message) != "developer" || facts.Names("developer")) return out;
  for (auto& [key, value] : out) {
    if (key == "role") value = Value::Content("system");
  }
  return out;
}

// A role that the template names was thought of, whatever it makes of the content; one that it does
// not name it may still write as it comes.
absl::Status CheckRoles(const Chat& chat, const TemplateFacts& facts,
                        const std::vector<RenderedSpan>& spans) {
  std::string written;
  for (size_t i = 0; i < chat.messages.size(); ++i) {
    std::string_view role = RoleOf(chat.messages[i]);
    if (facts.Names(role) || role == "assistant") continue;
    if (role == "developer") {
      if (facts.Names("system")) continue;
      role = "system";
    }
    const MarkedString* content = ContentOf(chat.messages[i]);
    if (content == nullptr) continue;
    if (written.empty()) written = TextOf(spans);
    if (written.find(Trimmed(content->text())) != std::string::npos) continue;
    return Fail(ERATO_UNSUPPORTED,
                Concat("[chat] role of message ", i, ", got ", role.substr(0, 40),
                       ", expected one that the model's chat template knows"),
                Concat("messages[", i, "].role"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RenderedSpan>> Render(const ChatTemplate& chat_template, Dict dict) {
  const int64_t now = std::time(nullptr);
  return From(Origin::kTemplate, chat_template.Render(Value(std::move(dict)), &now));
}

}  // namespace

absl::StatusOr<std::string_view> RoleName(erato_role role) {
  switch (role) {
    case ERATO_ROLE_SYSTEM:
      return "system";
    case ERATO_ROLE_USER:
      return "user";
    case ERATO_ROLE_ASSISTANT:
      return "assistant";
    case ERATO_ROLE_TOOL:
      return "tool";
    case ERATO_ROLE_DEVELOPER:
      return "developer";
    default:
      return Fail(ERATO_INVALID_ARGUMENT,
                  Concat("[argument role] role, got ", role, ", expected 1 to 5"), "role");
  }
}

std::string_view RoleOf(const ChatMessage& message) {
  for (const auto& [key, value] : message) {
    if (key == "role" && value.string() != nullptr) return value.string()->text();
  }
  return "";
}

const MarkedString* TextAt(const ChatMessage& message, std::string_view key) {
  for (const auto& [name, value] : message) {
    if (name == key) return value.string();
  }
  return nullptr;
}

const MarkedString* ContentOf(const ChatMessage& message) { return TextAt(message, "content"); }

ChatMessage TextMessage(std::string_view role, MarkedString text) {
  ChatMessage message;
  message.emplace_back("role", Value::Content(std::string(role)));
  message.emplace_back("content", Value(std::move(text)));
  return message;
}

absl::StatusOr<ChatMessage> ParseMessage(const Json& json, const std::string& where) {
  if (!json.is_object()) {
    return Fail(ERATO_INVALID_ARGUMENT, Concat("[", where, "] message, expected an object"), where);
  }
  if (TextOfMember(json, "role") == nullptr) {
    return Fail(ERATO_INVALID_ARGUMENT, Concat("[", where, ".role] role, expected a text"),
                where + ".role");
  }
  ChatMessage message;
  for (const auto& [key, item] : *json.object()) {
    const bool parts = key == "content" && item.is_array();
    if (key == "content" && !parts && !item.is_string() && !item.is_null()) {
      return Fail(ERATO_INVALID_ARGUMENT,
                  Concat("[", where, ".content] content, expected a text or an array of parts"),
                  where + ".content");
    }
    if (parts) {
      ERATO_ASSIGN_OR_RETURN(std::string text, JoinParts(item, where + ".content"));
      message.emplace_back(key, Value::Content(std::move(text)));
    } else {
      message.emplace_back(key, ToTemplateValue(item));
    }
  }
  return message;
}

absl::StatusOr<std::vector<ChatMessage>> ParseMessages(const Json& json, const std::string& where) {
  if (!json.is_array()) {
    return Fail(ERATO_INVALID_ARGUMENT, Concat("[", where, "] messages, expected an array"), where);
  }
  std::vector<ChatMessage> messages;
  messages.reserve(json.size());
  for (size_t i = 0; i < json.size(); ++i) {
    ERATO_ASSIGN_OR_RETURN(ChatMessage message, ParseMessage(json[i], Concat(where, "[", i, "]")));
    messages.push_back(std::move(message));
  }
  return messages;
}

bool TemplateFacts::Names(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

TemplateFacts FactsOf(std::string_view template_source) {
  TemplateFacts facts;
  facts.markers = FindReasoningMarkers(template_source);
  for (const char* role : {"system", "developer", "user", "assistant", "tool"}) {
    for (const char quote : {'\'', '"'}) {
      const std::string quoted = Concat(std::string(1, quote), role, std::string(1, quote));
      if (template_source.find(quoted) == std::string_view::npos) continue;
      facts.roles.emplace_back(role);
      break;
    }
  }
  return facts;
}

bool BeginsInside(const std::vector<RenderedSpan>& spans, const TemplateFacts& facts) {
  if (facts.markers == nullptr) return false;
  const std::string text = TextOf(spans);
  const std::string_view end = Trimmed(text), open = facts.markers->open;
  return end.size() >= open.size() && end.substr(end.size() - open.size()) == open;
}

absl::StatusOr<std::vector<RenderedSpan>> RenderChat(const ChatTemplate& chat_template,
                                                     const TemplateFacts& facts, const Chat& chat,
                                                     bool ask, const Tokenizer* tokenizer) {
  List messages;
  messages.reserve(chat.messages.size());
  for (const ChatMessage& message : chat.messages) {
    messages.push_back(Value(Dict(ForTemplate(message, facts))));
  }
  Dict dict;
  dict.emplace_back("messages", Value(std::move(messages)));
  if (!chat.tools.IsNone()) dict.emplace_back("tools", chat.tools);
  dict.emplace_back("add_generation_prompt", Value(ask));
  AddTokenNames(tokenizer, dict);
  AddMissing(chat.variables, dict);
  ERATO_ASSIGN_OR_RETURN(auto spans, Render(chat_template, std::move(dict)));
  ERATO_RETURN_IF_ERROR(CheckRoles(chat, facts, spans));
  return spans;
}

absl::StatusOr<std::vector<RenderedSpan>> RenderVariables(const ChatTemplate& chat_template,
                                                          const Json& variables,
                                                          const Tokenizer* tokenizer) {
  if (!variables.is_object()) {
    return Fail(ERATO_INVALID_ARGUMENT, "[argument json] variables, expected an object", "json");
  }
  Dict dict = ToTemplateDict(variables);
  Dict defaults;
  AddTokenNames(tokenizer, defaults);
  defaults.emplace_back("add_generation_prompt", Value(false));
  AddMissing(defaults, dict);
  return Render(chat_template, std::move(dict));
}

absl::StatusOr<std::vector<int32_t>> EncodeSpans(const Tokenizer& tokenizer,
                                                 const std::vector<RenderedSpan>& spans) {
  std::vector<TextSpan> texts;
  texts.reserve(spans.size());
  for (const RenderedSpan& span : spans) texts.push_back({span.text, span.scaffold});
  return From(Origin::kText, tokenizer.Encode(texts, EncodeOptions{}));
}

}  // namespace erato::capi
