#include "capi/src/stream.h"

#include <utility>

#include "capi/src/values.h"
#include "core/base/status.h"
#include "erato/text.h"

using namespace erato::capi;  // NOLINT

erato_stream::erato_stream(std::unique_ptr<Answer> answer, std::shared_ptr<SessionState> session)
    : answer(std::move(answer)), session_(std::move(session)) {}

erato_stream::~erato_stream() {
  GuardFree([&] { LeaveSession(); });
}

absl::StatusOr<erato_status> erato_stream::Advance() {
  auto result = answer->Advance();
  if (answer->ended()) LeaveSession();
  return result;
}

void erato_stream::LeaveSession() {
  const auto session = std::exchange(session_, nullptr);
  if (session == nullptr) return;
  answer->Leave();  // before anybody else may ask on the same sequence
  try {
    session->Take(answer->text(), answer->reasoning());
  } catch (...) {
    session->taken.store(false, std::memory_order_release);
    throw;
  }
  session->taken.store(false, std::memory_order_release);
}

namespace erato::capi {
namespace {

absl::Status Generate(ModelRef model, const std::vector<int32_t>& ids, const erato_options* options,
                      erato_stream** stream) {
  ERATO_RETURN_IF_ERROR(Given({{stream, "stream"}}));
  ERATO_RETURN_IF_ERROR(model->RequireGenerator());
  ERATO_ASSIGN_OR_RETURN(AnswerSettings settings, ReadGenerateOptions(options));
  if (ids.empty()) {
    return Fail(ERATO_INVALID_ARGUMENT, "[generate] prompt, got 0 tokens, expected at least 1");
  }
  auto sequence = model->engine().NewSequence();
  const bool text = model->tokenizer() != nullptr;
  ERATO_ASSIGN_OR_RETURN(auto answer, Answer::Start(std::move(model), std::move(sequence), ids,
                                                    text, std::move(settings)));
  *stream = new erato_stream(std::move(answer), nullptr);
  return absl::OkStatus();
}

}  // namespace
}  // namespace erato::capi

extern "C" {

erato_status erato_stream_advance(erato_stream* stream, erato_error** error) {
  return Guard(error, [&]() -> absl::StatusOr<erato_status> {
    ERATO_RETURN_IF_ERROR(Given({{stream, "stream"}}));
    ERATO_RETURN_IF_ERROR(stream->home.Check());
    const Claim claim(stream->taken);
    ERATO_RETURN_IF_ERROR(claim.Check("stream"));
    return stream->Advance();
  });
}

const char* erato_stream_piece(erato_stream* stream, size_t* piece_bytes) {
  if (piece_bytes != nullptr) *piece_bytes = stream == nullptr ? 0 : stream->answer->piece().size();
  return stream == nullptr ? "" : stream->answer->piece().c_str();
}

const int32_t* erato_stream_ids(erato_stream* stream, size_t* count) {
  if (count != nullptr) *count = stream == nullptr ? 0 : stream->answer->ids().size();
  return stream == nullptr ? nullptr : stream->answer->ids().data();
}

const char* erato_stream_bytes(erato_stream* stream, size_t* count) {
  if (count != nullptr) *count = stream == nullptr ? 0 : stream->answer->bytes().size();
  return stream == nullptr ? "" : stream->answer->bytes().c_str();
}

erato_piece_kind erato_stream_piece_kind(erato_stream* stream) {
  return stream == nullptr ? ERATO_PIECE_ANSWER : stream->answer->kind();
}

const char* erato_stream_logprobs(erato_stream* stream, size_t* json_bytes) {
  const char* const none = "[]";
  const std::string* json = stream == nullptr ? nullptr : &stream->answer->scores();
  if (json != nullptr && json->empty()) json = nullptr;
  if (json_bytes != nullptr) *json_bytes = json == nullptr ? 2 : json->size();
  return json == nullptr ? none : json->c_str();
}

const char* erato_stream_prompt_logprobs(const erato_stream* stream, size_t* json_bytes) {
  if (json_bytes != nullptr) {
    *json_bytes = stream == nullptr ? 0 : stream->answer->prompt_scores().size();
  }
  return stream == nullptr ? "" : stream->answer->prompt_scores().c_str();
}

void erato_stream_cancel(const erato_stream* stream) {
  if (stream != nullptr && stream->home.here()) GuardFree([&] { stream->answer->Cancel(); });
}

void erato_stream_free(erato_stream* stream) {
  if (stream != nullptr && stream->home.here()) GuardFree([&] { delete stream; });
}

erato_finish erato_stream_finish_reason(const erato_stream* stream) {
  return stream == nullptr ? ERATO_FINISH_NONE : stream->answer->counts().finish.load();
}

const char* erato_finish_name(erato_finish finish) {
  switch (finish) {
    case ERATO_FINISH_NONE:
      return "none";
    case ERATO_FINISH_STOP:
      return "stop";
    case ERATO_FINISH_LENGTH:
      return "length";
    case ERATO_FINISH_CANCELLED:
      return "cancelled";
    case ERATO_FINISH_DEADLINE:
      return "deadline";
    default:
      return "error";
  }
}

int64_t erato_stream_prompt_tokens(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().prompt_tokens.load();
}

int64_t erato_stream_reused_tokens(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().reused_tokens.load();
}

int64_t erato_stream_generated_tokens(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().generated_tokens.load();
}

int64_t erato_stream_reasoning_tokens(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().reasoning_tokens.load();
}

double erato_stream_prompt_seconds(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().prompt_seconds.load();
}

double erato_stream_generate_seconds(const erato_stream* stream) {
  return stream == nullptr ? 0 : stream->answer->counts().generate_seconds.load();
}

erato_status erato_model_generate(const erato_model* model, const char* prompt, size_t prompt_bytes,
                                  int32_t flags, const erato_options* options,
                                  erato_stream** stream, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(const auto text, TextArgument(prompt, prompt_bytes, "prompt"));
    ERATO_ASSIGN_OR_RETURN(const erato::Tokenizer* tokenizer, loaded->RequireTokenizer());
    erato::EncodeOptions encode;
    encode.add_special = (flags & ERATO_TEXT_ADD_SPECIAL) != 0;
    const bool trusted = (flags & ERATO_TEXT_TRUSTED) != 0;
    ERATO_ASSIGN_OR_RETURN(auto ids, From(Origin::kText, tokenizer->Encode(text, trusted, encode)));
    return Generate(std::move(loaded), ids, options, stream);
  });
}

erato_status erato_model_generate_ids(const erato_model* model, const int32_t* ids, size_t count,
                                      const erato_options* options, erato_stream** stream,
                                      erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(ModelRef loaded, ModelArgument(model));
    ERATO_ASSIGN_OR_RETURN(auto tokens, IdsArgument(ids, count, loaded->vocabulary()));
    return Generate(std::move(loaded), tokens, options, stream);
  });
}

}  // extern "C"
