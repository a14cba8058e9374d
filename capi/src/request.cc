#include "capi/src/request.h"

#include <cmath>
#include <string_view>
#include <utility>

#include "capi/src/error.h"
#include "capi/src/options.h"
#include "capi/src/template_value.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

/// The field's value; null where it is not there, which means the same.
const Json& Field(const Json& json, const char* name) {
  static const Json kNone;
  const auto found = json.find(name);
  return found == json.end() ? kNone : *found;
}

absl::Status Refuse(erato_status code, std::string_view field, std::string_view expected) {
  return Fail(code, Concat("[request ", field, "] value, expected ", expected), field);
}

struct NumberField {
  const char* field;
  erato_option key;
};
// max_completion_tokens is the newer name of max_tokens and wins.
constexpr NumberField kNumbers[] = {{"max_tokens", ERATO_GENERATE_MAX_TOKENS},
                                    {"max_completion_tokens", ERATO_GENERATE_MAX_TOKENS},
                                    {"temperature", ERATO_GENERATE_TEMPERATURE},
                                    {"top_k", ERATO_GENERATE_TOP_K},
                                    {"top_p", ERATO_GENERATE_TOP_P},
                                    {"min_p", ERATO_GENERATE_MIN_P},
                                    {"repetition_penalty", ERATO_GENERATE_REPETITION_PENALTY},
                                    {"presence_penalty", ERATO_GENERATE_PRESENCE_PENALTY},
                                    {"frequency_penalty", ERATO_GENERATE_FREQUENCY_PENALTY},
                                    {"seed", ERATO_GENERATE_SEED}};

// A seed may be any integer; options have room for 53 bits.
int64_t FoldSeed(const Json& seed) {
  return static_cast<int64_t>(seed.get<uint64_t>() & ((uint64_t{1} << 53) - 1));
}

absl::Status ReadNumber(const Json& json, const NumberField& number, erato_options& options) {
  const Json& value = Field(json, number.field);
  if (value.is_null()) return absl::OkStatus();
  const OptionSpec& spec = *FindOption(number.key);
  OptionValue option;
  if (spec.type == ERATO_OPTION_INT) {
    if (!value.is_number_integer()) {
      return Refuse(ERATO_INVALID_ARGUMENT, number.field, "an integer");
    }
    const bool huge = value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX;
    option = number.key == ERATO_GENERATE_SEED ? FoldSeed(value)
             : huge                            ? INT64_MAX
                                               : value.get<int64_t>();
  } else {
    if (!value.is_number()) return Refuse(ERATO_INVALID_ARGUMENT, number.field, "a number");
    option = value.get<double>();
  }
  ERATO_RETURN_IF_ERROR(Blame(CheckOption(spec, option), number.field));
  options.values[number.key] = std::move(option);
  return absl::OkStatus();
}

absl::Status ReadStop(const Json& json, erato_options& options) {
  const Json& stop = Field(json, "stop");
  if (stop.is_null()) return absl::OkStatus();
  std::vector<std::string> texts;
  if (stop.is_string()) texts.push_back(stop.get_ref<const std::string&>());
  for (size_t i = 0; stop.is_array() && i < stop.size(); ++i) {
    if (stop[i].is_string()) texts.push_back(stop[i].get_ref<const std::string&>());
  }
  const size_t given = stop.is_array() ? stop.size() : 1;
  if (texts.size() != given) {
    return Refuse(ERATO_INVALID_ARGUMENT, "stop", "a text or an array of texts");
  }
  OptionValue value = std::move(texts);
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(ERATO_GENERATE_STOP), value));
  options.values[ERATO_GENERATE_STOP] = std::move(value);
  return absl::OkStatus();
}

absl::StatusOr<bool> ReadBool(const Json& json, const char* name) {
  const Json& value = Field(json, name);
  if (value.is_null()) return false;
  if (!value.is_boolean()) return Refuse(ERATO_INVALID_ARGUMENT, name, "true or false");
  return value.get<bool>();
}

// What would change the answer and cannot be honoured is refused, never ignored.
absl::Status RefuseWhatWeLack(const Json& json) {
  const Json& n = Field(json, "n");
  if (!n.is_null() && n != 1) return Refuse(ERATO_UNSUPPORTED, "n", "1");
  const Json& format = Field(json, "response_format");
  if (!format.is_null() && !(format.is_object() && Field(format, "type") == "text")) {
    return Refuse(ERATO_UNSUPPORTED, "response_format", "{\"type\": \"text\"}");
  }
  const Json& choice = Field(json, "tool_choice");
  if (!choice.is_null() && choice != "auto" && choice != "none") {
    return Refuse(ERATO_UNSUPPORTED, "tool_choice", "\"auto\" or \"none\"");
  }
  const Json& logprobs = Field(json, "logprobs");
  if (!logprobs.is_null() && logprobs != false) {
    return Refuse(ERATO_UNSUPPORTED, "logprobs", "false");
  }
  const Json& bias = Field(json, "logit_bias");
  if (!bias.is_null() && !bias.empty()) return Refuse(ERATO_UNSUPPORTED, "logit_bias", "none");
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
    request.prompt = prompt.get<std::string>();
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
  if (!tools.empty() && Field(json, "tool_choice") != "none")
    request.chat.tools = ToTemplateValue(tools);
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
  erato_options options{ERATO_OPTIONS_GENERATE, {}};
  for (const NumberField& number : kNumbers) {
    ERATO_RETURN_IF_ERROR(ReadNumber(json, number, options));
  }
  ERATO_RETURN_IF_ERROR(ReadStop(json, options));
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
  ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, model->RequireTokenizer());
  std::vector<int32_t> ids;
  if (request.is_chat) {
    ERATO_ASSIGN_OR_RETURN(const auto chat_template, model->RequireTemplate());
    ERATO_ASSIGN_OR_RETURN(const auto spans,
                           RenderChat(*chat_template, request.chat, true, tokenizer));
    ERATO_ASSIGN_OR_RETURN(ids, EncodeSpans(*tokenizer, spans));
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
  return Answer::Start(model, std::move(sequence), std::move(ids), true, std::move(request.answer));
}

}  // namespace erato::capi
