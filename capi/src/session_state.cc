#include "capi/src/session_state.h"

#include <utility>

#include "capi/src/json_argument.h"
#include "capi/src/options.h"
#include "capi/src/template_value.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "tokenizer/template/builtin.h"

namespace erato::capi {
namespace {

// An option that holds JSON of a type; null where it is empty.
absl::StatusOr<Json> JsonOption(const erato_options* options, erato_option key, bool array) {
  const std::string_view text = TextOption(options, key);
  if (text.empty()) return Json();
  const char* name = erato_option_name(key);
  ERATO_ASSIGN_OR_RETURN(Json json, JsonArgument(text.data(), text.size(), name));
  if (array ? json.is_array() : json.is_object()) return json;
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option ", name, "] JSON, got ", json.type_name(), ", expected ",
                     array ? "array" : "object"),
              name);
}

absl::StatusOr<std::string_view> SourceOption(const erato_options* options) {
  auto source =
      From(Origin::kTemplate, BuiltinOrSource(TextOption(options, ERATO_SESSION_TEMPLATE)));
  return source.ok() ? source : Blame(source.status(), "template");
}

absl::StatusOr<std::shared_ptr<const ChatTemplate>> TemplateFor(const LoadedModel& model,
                                                                std::string_view source) {
  if (source.empty()) return model.RequireTemplate();
  auto parsed = From(Origin::kTemplate, ChatTemplate::Parse(source));
  if (!parsed.ok()) return Blame(parsed.status(), "template");
  return std::shared_ptr<const ChatTemplate>(*std::move(parsed));
}

// The text of a message's key, which need not be there, goes on.
void Extend(ChatMessage& message, const char* name, const std::string& more) {
  if (more.empty()) return;
  for (auto& [key, value] : message) {
    if (key != name || value.string() == nullptr) continue;
    MarkedString longer = *value.string();
    longer.Append(more, false);
    value = Value(std::move(longer));
    return;
  }
  message.emplace_back(name, Value::Content(more));
}

}  // namespace

absl::StatusOr<std::shared_ptr<SessionState>> SessionState::Create(ModelRef model,
                                                                   const erato_options* options) {
  ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_SESSION));
  ERATO_RETURN_IF_ERROR(model->RequireGenerator());
  ERATO_RETURN_IF_ERROR(model->RequireTokenizer().status());
  auto state = std::make_shared<SessionState>();
  ERATO_ASSIGN_OR_RETURN(const std::string_view source, SourceOption(options));
  ERATO_ASSIGN_OR_RETURN(state->chat_template, TemplateFor(*model, source));
  state->template_facts = source.empty() ? model->template_facts() : FactsOf(source);
  ERATO_ASSIGN_OR_RETURN(const auto tools, JsonOption(options, ERATO_SESSION_TOOLS, true));
  state->chat.tools = ToTemplateValue(tools);
  ERATO_ASSIGN_OR_RETURN(const auto variables, JsonOption(options, ERATO_SESSION_VARIABLES, false));
  state->chat.variables = ToTemplateDict(variables);
  const std::string system(TextOption(options, ERATO_SESSION_SYSTEM));
  if (!system.empty()) {
    state->chat.messages.push_back(TextMessage("system", MarkedString(system, false)));
  }
  state->sequence = model->engine().NewSequence();
  state->model = std::move(model);
  return state;
}

absl::StatusOr<std::vector<RenderedSpan>> SessionState::Prompt() const {
  return RenderChat(*chat_template, template_facts, chat, true, model->tokenizer());
}

absl::StatusOr<std::unique_ptr<Answer>> SessionState::Ask(const erato_options* options) {
  ERATO_ASSIGN_OR_RETURN(AnswerSettings settings, ReadGenerateOptions(options));
  ERATO_ASSIGN_OR_RETURN(
      auto ids, MakePrompt(*chat_template, template_facts, chat, *model->tokenizer(), settings));
  goes_on = settings.continue_last;
  return Answer::Start(model, sequence, ids, true, std::move(settings));
}

void SessionState::Take(const std::string& answer, const std::string& reasoning) {
  if (answer.empty() && reasoning.empty()) return;
  if (goes_on) {
    Extend(chat.messages.back(), "content", answer);
    return Extend(chat.messages.back(), kReasoningKey, reasoning);
  }
  ChatMessage message = TextMessage("assistant", MarkedString(answer, false));
  if (!reasoning.empty()) message.emplace_back(kReasoningKey, Value::Content(reasoning));
  chat.messages.push_back(std::move(message));
}

}  // namespace erato::capi
