#include "capi/src/request.h"

#include <cmath>
#include <string_view>
#include <utility>

#include "capi/src/error.h"
#include "capi/src/options.h"
#include "capi/src/request_fields.h"
#include "capi/src/template_value.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

// {"15496": -100}: ids as keys.
absl::Status ReadBias(const Json& json, erato_options& options) {
  const Json& bias = Field(json, "logit_bias");
  if (bias.is_null()) return absl::OkStatus();
  if (!bias.is_object()) {
    return Refuse(ERATO_INVALID_ARGUMENT, "logit_bias", "an object of ids and numbers");
  }
  std::vector<std::string> items;
  for (const auto& [id, value] : *bias.object()) {
    if (!value.is_number()) {
      return Refuse(ERATO_INVALID_ARGUMENT, "logit_bias", "a number for each id");
    }
    items.push_back(Concat(std::string_view(id).substr(0, 20), "=", value.get<double>()));
  }
  OptionValue value = std::move(items);
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(ERATO_GENERATE_LOGIT_BIAS), value));
  options.values[ERATO_GENERATE_LOGIT_BIAS] = std::move(value);
  return absl::OkStatus();
}

// Of a chat: logprobs (true or false) and top_logprobs; of a completion: logprobs, a count.
absl::Status ReadLogprobs(const Json& json, bool is_chat, erato_options& options) {
  constexpr erato_option kKey = ERATO_GENERATE_LOGPROBS;
  if (!is_chat) return ReadNumber(json, "logprobs", kKey, options);
  ERATO_ASSIGN_OR_RETURN(const bool wanted, ReadBool(json, "logprobs"));
  if (wanted) options.values[kKey] = int64_t{0};
  if (Field(json, "top_logprobs").is_null()) return absl::OkStatus();
  if (!wanted) return Refuse(ERATO_INVALID_ARGUMENT, "top_logprobs", "logprobs true beside it");
  return ReadNumber(json, "top_logprobs", kKey, options);
}

// What would change the answer and cannot be honoured is refused, never ignored.
absl::Status RefuseWhatWeLack(const Json& json) {
  const Json& n = Field(json, "n");
  if (!n.is_null() && !(n.is_number() && n.get<double>() == 1)) {
    return Refuse(ERATO_UNSUPPORTED, "n", "1");
  }
  const Json& format = Field(json, "response_format");
  if (!format.is_null() && !(format.is_object() && Field(format, "type") == "text")) {
    return Refuse(ERATO_UNSUPPORTED, "response_format", "{\"type\": \"text\"}");
  }
  const Json& choice = Field(json, "tool_choice");
  if (!choice.is_null() && choice != "auto" && choice != "none") {
    return Refuse(ERATO_UNSUPPORTED, "tool_choice", "\"auto\" or \"none\"");
  }
  return absl::OkStatus();
}

absl::Status ReadInput(const Json& json, ChatRequest& request) {
  const Json& messages = Field(json, "messages");
  const Json& prompt = Field(json, "prompt");
  request.is_chat = prompt.is_null();
  if (!request.is_chat) {
    if (!messages.is_null()) {
      return Refuse(ERATO_INVALID_ARGUMENT, "prompt", "none beside messages");
    }
    if (!prompt.is_string()) return Refuse(ERATO_INVALID_ARGUMENT, "prompt", "a text");
    request.prompt = *prompt.string();
    return absl::OkStatus();
  }
  ERATO_ASSIGN_OR_RETURN(request.chat.messages, ParseMessages(messages, "messages"));
  if (request.chat.messages.empty()) {
    return Refuse(ERATO_INVALID_ARGUMENT, "messages", "at least one message");
  }
  const Json& tools = Field(json, "tools");
  if (!tools.is_null() && !tools.is_array()) {
    return Refuse(ERATO_INVALID_ARGUMENT, "tools", "an array");
  }
  if (tools.size() > 0 && Field(json, "tool_choice") != "none") {
    request.chat.tools = ToTemplateValue(tools);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ChatRequest> ReadRequest(const Json& json) {
  if (!json.is_object()) {
    return Fail(ERATO_INVALID_ARGUMENT, "[request] JSON, expected an object", "json");
  }
  ERATO_RETURN_IF_ERROR(RefuseWhatWeLack(json));
  ChatRequest request;
  ERATO_RETURN_IF_ERROR(ReadInput(json, request));
  erato_options options{ERATO_OPTIONS_GENERATE};
  // These two mean something else than the option of their name, or are read with more care.
  ERATO_RETURN_IF_ERROR(
      ReadOptionFields(json, {ERATO_GENERATE_LOGPROBS, ERATO_GENERATE_LOGIT_BIAS}, options));
  // The newer name of max_tokens wins.
  ERATO_RETURN_IF_ERROR(
      ReadNumber(json, "max_completion_tokens", ERATO_GENERATE_MAX_TOKENS, options));
  ERATO_RETURN_IF_ERROR(ReadBias(json, options));
  ERATO_RETURN_IF_ERROR(ReadLogprobs(json, request.is_chat, options));
  ERATO_ASSIGN_OR_RETURN(request.answer, ReadGenerateOptions(&options));
  ERATO_ASSIGN_OR_RETURN(request.stream, ReadBool(json, "stream"));
  const Json& streaming = Field(json, "stream_options");
  if (streaming.is_object()) {
    ERATO_ASSIGN_OR_RETURN(request.include_usage, ReadBool(streaming, "include_usage"));
  }
  return request;
}

absl::StatusOr<std::unique_ptr<Answer>> StartRequest(
    const std::shared_ptr<const LoadedModel>& model, ChatRequest request) {
  ERATO_RETURN_IF_ERROR(model->RequireGenerator());
  ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, model->RequireTokenizer());
  std::vector<int32_t> ids;
  if (request.is_chat) {
    ERATO_ASSIGN_OR_RETURN(const auto chat_template, model->RequireTemplate());
    ERATO_ASSIGN_OR_RETURN(ids, MakePrompt(*chat_template, model->template_facts(), request.chat,
                                           *tokenizer, request.answer));
  } else {
    EncodeOptions encode;
    encode.add_special = true;
    ERATO_ASSIGN_OR_RETURN(ids,
                           From(Origin::kText, tokenizer->Encode(request.prompt, false, encode)));
  }
  if (ids.empty()) {
    return Refuse(ERATO_INVALID_ARGUMENT, request.is_chat ? "messages" : "prompt", "some text");
  }
  auto sequence = model->engine().NewSequence();
  return Answer::Start(model, std::move(sequence), ids, true, std::move(request.answer));
}

}  // namespace erato::capi
