#include "erato/json.h"

#include <utility>

#include "capi/src/json_argument.h"
#include "capi/src/json_text.h"
#include "capi/src/model.h"
#include "capi/src/read_request.h"
#include "capi/src/request.h"
#include "capi/src/response.h"
#include "capi/src/values.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

struct erato_response {
  Home home;
  std::atomic<bool> taken{false};
  std::unique_ptr<ResponseChunks> chunks;
};

namespace erato::capi {
namespace {

struct Started {
  ResponseHead head;
  std::unique_ptr<Answer> answer;
  bool include_usage;
};

absl::StatusOr<Started> Start(const ModelRef& loaded, const Json& json, bool whole) {
  ERATO_ASSIGN_OR_RETURN(ChatRequest request, ReadRequest(json));
  if (whole && request.stream) {
    return Fail(ERATO_INVALID_ARGUMENT,
                "[request stream] value, got true, expected false: use erato_model_request_stream",
                "stream");
  }
  const bool include_usage = request.include_usage;
  ResponseHead head = NewHead(*loaded, request.is_chat);
  ERATO_ASSIGN_OR_RETURN(auto answer, StartRequest(loaded, std::move(request)));
  return Started{std::move(head), std::move(answer), include_usage};
}

absl::StatusOr<std::string> WholeAnswer(const erato_model* model, const char* json,
                                        size_t json_bytes) {
  ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(const OwnedJson parsed, JsonArgument(json, json_bytes));
  if (IsReadRequest(*parsed)) return AnswerReadRequest(loaded, *parsed);
  ERATO_ASSIGN_OR_RETURN(const Started started, Start(loaded, *parsed, true));
  return WholeResponse(started.head, *started.answer);
}

absl::StatusOr<Started> StartStream(const erato_model* model, const char* json, size_t json_bytes) {
  ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
  ERATO_ASSIGN_OR_RETURN(const OwnedJson parsed, JsonArgument(json, json_bytes));
  if (!IsReadRequest(*parsed)) return Start(loaded, *parsed, false);
  return Fail(ERATO_UNSUPPORTED,
              "[request] kind, got one whose answer comes whole, expected a chat or a prompt: use "
              "erato_model_request",
              "json");
}

struct ApiError {
  int32_t http;
  const char* type;
  const char* code;  // null = null
};

// The words of OpenAI's API for our codes.
ApiError ApiErrorFor(erato_status status) {
  constexpr const char* kInvalid = "invalid_request_error";
  switch (status) {
    case ERATO_OK:
    case ERATO_END:
    case ERATO_PENDING:
      return {200, kInvalid, nullptr};
    case ERATO_INVALID_ARGUMENT:
      return {400, kInvalid, "invalid_value"};
    case ERATO_INVALID_UTF8:
      return {400, kInvalid, "invalid_utf8"};
    case ERATO_UNSUPPORTED:
      return {400, kInvalid, "unsupported_parameter"};
    case ERATO_LIMIT:
      return {400, kInvalid, "limit_exceeded"};
    case ERATO_CONTEXT_FULL:
      return {400, kInvalid, "context_length_exceeded"};
    case ERATO_NOT_FOUND:
      return {404, kInvalid, "not_found"};
    case ERATO_DEADLINE:
      return {408, "timeout_error", "deadline"};
    case ERATO_BUSY:
      return {429, "rate_limit_error", "busy"};
    case ERATO_NO_MEMORY:
      return {503, "server_error", "no_memory"};
    case ERATO_CANCELLED:
      return {499, kInvalid, "cancelled"};
    default:
      return {500, "server_error", nullptr};
  }
}

void AddOrNull(const char* name, const char* text, JsonText& json) {
  if (text == nullptr || *text == '\0') {
    json.NullField(name);
  } else {
    json.Field(name, text);
  }
}

std::string ErrorJson(const erato_error* cause) {
  const ApiError api = ApiErrorFor(erato_error_status(cause));
  JsonText json;
  json.Open('{').Key("error").Open('{').Field("message", erato_error_message(cause, nullptr));
  json.Field("type", api.type);
  AddOrNull("param", erato_error_parameter(cause, nullptr), json);
  AddOrNull("code", api.code, json);
  return json.Close('}').Close('}').Take();
}

}  // namespace
}  // namespace erato::capi

extern "C" {

erato_status erato_model_request(const erato_model* model, const char* json, size_t json_bytes,
                                 erato_text** response, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{response, "response"}}));
    ERATO_ASSIGN_OR_RETURN(std::string text, WholeAnswer(model, json, json_bytes));
    *response = new erato_text{std::move(text)};
    return absl::OkStatus();
  });
}

erato_status erato_model_request_stream(const erato_model* model, const char* json,
                                        size_t json_bytes, erato_response** response,
                                        erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{response, "response"}}));
    ERATO_ASSIGN_OR_RETURN(Started started, StartStream(model, json, json_bytes));
    auto handle = std::make_unique<erato_response>();
    handle->chunks = std::make_unique<ResponseChunks>(
        std::move(started.head), std::move(started.answer), started.include_usage);
    *response = handle.release();
    return absl::OkStatus();
  });
}

erato_status erato_response_advance(erato_response* response, erato_error** error) {
  return Guard(error, [&]() -> absl::StatusOr<erato_status> {
    ERATO_RETURN_IF_ERROR(Given({{response, "response"}}));
    ERATO_RETURN_IF_ERROR(response->home.Check());
    const Claim claim(response->taken);
    ERATO_RETURN_IF_ERROR(claim.Check("response"));
    return response->chunks->Advance();
  });
}

const char* erato_response_chunk(erato_response* response, size_t* chunk_bytes) {
  if (chunk_bytes != nullptr) *chunk_bytes = response ? response->chunks->chunk().size() : 0;
  return response == nullptr ? "" : response->chunks->chunk().c_str();
}

void erato_response_cancel(const erato_response* response) {
  if (response == nullptr || !response->home.here()) return;
  GuardFree([&] { response->chunks->answer().Cancel(); });
}

void erato_response_free(erato_response* response) {
  if (response != nullptr && response->home.here()) GuardFree([&] { delete response; });
}

erato_status erato_error_json(const erato_error* cause, erato_text** json, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{json, "json"}}));
    *json = new erato_text{ErrorJson(cause)};
    return absl::OkStatus();
  });
}

int32_t erato_error_http_status(const erato_error* cause) {
  return ApiErrorFor(erato_error_status(cause)).http;
}

}  // extern "C"
