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
  const Json* found = json.Find(name);
  return found == nullptr ? kNone : *found;
}

absl::Status Refuse(erato_status code, std::string_view field, std::string_view expected) {
  return Fail(code, Concat("[request ", field, "] value, expected ", expected), field);
}

struct NumberField {
  const char* field;
  erato_option key;
};

// Fields that mean something else than the option of their name, or are read with more care.
bool ReadElsewhere(erato_option key) {
  return key == ERATO_GENERATE_LOGPROBS || key == ERATO_GENERATE_LOGIT_BIAS;
}

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
    if (!value.is_integer()) {
      return Refuse(ERATO_INVALID_ARGUMENT, number.field, "an integer");
    }
    const bool huge = value.is_unsigned() && value.get<uint64_t>() > INT64_MAX;
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

absl::StatusOr<bool> ReadBool(const Json& json, const char* name) {
  const Json& value = Field(json, name);
  if (value.is_null()) return false;
  if (!value.is_boolean()) return Refuse(ERATO_INVALID_ARGUMENT, name, "true or false");
  return value.get<bool>();
}

absl::Status ReadTruth(const Json& json, const NumberField& truth, erato_options& options) {
  const Json& value = Field(json, truth.field);
  if (value.is_null()) return absl::OkStatus();
  if (!value.is_boolean()) {
    return Refuse(ERATO_INVALID_ARGUMENT, truth.field, "true or false");
  }
  options.values[truth.key] = int64_t{value.get<bool>()};
  return absl::OkStatus();
}

absl::Status ReadTexts(const Json& json, const char* name, erato_option key,
                       erato_options& options) {
  const Json& given = Field(json, name);
  if (given.is_null()) return absl::OkStatus();
  std::vector<std::string> texts;
  if (given.is_string()) texts.push_back(*given.string());
  for (size_t i = 0; given.is_array() && i < given.size(); ++i) {
    if (given[i].is_string()) texts.push_back(*given[i].string());
  }
  if (texts.size() != (given.is_array() ? given.size() : 1)) {
    return Refuse(ERATO_INVALID_ARGUMENT, name, "a text or an array of texts");
  }
  OptionValue value = std::move(texts);
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(key), value));
  options.values[key] = std::move(value);
  return absl::OkStatus();
}

absl::Status ReadText(const Json& json, const char* name, erato_option key,
                      erato_options& options) {
  const Json& given = Field(json, name);
  if (given.is_null()) return absl::OkStatus();
  if (!given.is_string()) return Refuse(ERATO_INVALID_ARGUMENT, name, "a text");
  OptionValue value = *given.string();
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(key), value));
  options.values[key] = std::move(value);
  return absl::OkStatus();
}

// Every option of generation is a field of its name.
absl::Status ReadOption(const Json& json, erato_option key, erato_options& options) {
  const OptionSpec& spec = *FindOption(key);
  if (ReadElsewhere(key)) return absl::OkStatus();
  switch (spec.type) {
    case ERATO_OPTION_BOOL:
      return ReadTruth(json, {spec.name, key}, options);
    case ERATO_OPTION_TEXT:
      return ReadText(json, spec.name, key, options);
    case ERATO_OPTION_LIST:
      return ReadTexts(json, spec.name, key, options);
    default:
      return ReadNumber(json, {spec.name, key}, options);
  }
}

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
  if (!is_chat) return ReadNumber(json, {"logprobs", kKey}, options);
  ERATO_ASSIGN_OR_RETURN(const bool wanted, ReadBool(json, "logprobs"));
  if (wanted) options.values[kKey] = int64_t{0};
  if (Field(json, "top_logprobs").is_null()) return absl::OkStatus();
  if (!wanted) return Refuse(ERATO_INVALID_ARGUMENT, "top_logprobs", "logprobs true beside it");
  return ReadNumber(json, {"top_logprobs", kKey}, options);
}

// What would change the answer and cannot be honoured is refused, never ignored.
absl::Status RefuseWhatWeLack(const Json& json) {
  const Json& n = Field(json, "n");
  if (!n.is_null() && !(n.is_number() && n.get<double>() == 1))
    return Refuse(ERATO_UNSUPPORTED, "n", "1");
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
  erato_options options{ERATO_OPTIONS_GENERATE, {}};
  for (size_t i = 0; i < erato_option_count(ERATO_OPTIONS_GENERATE); ++i) {
    const erato_option key = erato_option_at(ERATO_OPTIONS_GENERATE, i);
    ERATO_RETURN_IF_ERROR(ReadOption(json, key, options));
  }
  // The newer name of max_tokens wins.
  ERATO_RETURN_IF_ERROR(
      ReadNumber(json, {"max_completion_tokens", ERATO_GENERATE_MAX_TOKENS}, options));
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
