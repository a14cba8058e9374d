#include "capi/src/response.h"

#include <ctime>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "capi/src/error.h"
#include "capi/src/json_object.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

std::string NewId(const char* prefix) {
  std::random_device device;
  return absl::StrCat(prefix, absl::Hex(device(), absl::kZeroPad8),
                      absl::Hex(device(), absl::kZeroPad8));
}

Json HeadJson(const ResponseHead& head, const char* object) {
  return JsonObject(
      {{"id", head.id}, {"object", object}, {"created", head.created}, {"model", head.model}});
}

Json Usage(const AnswerCounts& counts) {
  const int64_t prompt = counts.prompt_tokens, generated = counts.generated_tokens;
  return JsonObject(
      {{"prompt_tokens", prompt},
       {"completion_tokens", generated},
       {"total_tokens", prompt + generated},
       {"prompt_tokens_details", JsonObject({{"cached_tokens", counts.reused_tokens.load()}})}});
}

Json Choices(Json choice) {
  Json choices = Json::array();
  choices.push_back(std::move(choice));
  return choices;
}

// "stop" or "length": the others are errors.
const char* FinishReasonOf(const Answer& answer) {
  return erato_finish_name(answer.counts().finish);
}

}  // namespace

ResponseHead NewHead(const LoadedModel& model, bool is_chat) {
  const std::string& name = model.summary().name;
  return {NewId(is_chat ? "chatcmpl-" : "cmpl-"), std::time(nullptr),
          name.empty() ? model.summary().family : name, is_chat};
}

absl::StatusOr<std::string> WholeResponse(const ResponseHead& head, Answer& answer) {
  erato_status status = ERATO_OK;
  while (status == ERATO_OK) {
    ERATO_ASSIGN_OR_RETURN(status, answer.Advance());
  }
  if (status != ERATO_END) return Fail(status, "[request] the answer could not be completed");
  Json choice = JsonObject({{"index", 0}});
  if (head.is_chat) {
    choice["message"] =
        JsonObject({{"role", "assistant"}, {"content", answer.text()}, {"refusal", nullptr}});
  } else {
    choice["text"] = answer.text();
  }
  choice["logprobs"] = nullptr;
  choice["finish_reason"] = FinishReasonOf(answer);
  Json response = HeadJson(head, head.is_chat ? "chat.completion" : "text_completion");
  response["choices"] = Choices(std::move(choice));
  response["usage"] = Usage(answer.counts());
  return WriteJson(response);
}

ResponseChunks::ResponseChunks(ResponseHead head, std::unique_ptr<Answer> answer,
                               bool include_usage)
    : head_(std::move(head)),
      answer_(std::move(answer)),
      include_usage_(include_usage),
      next_(head_.is_chat ? Next::kRole : Next::kPieces) {}

Json ResponseChunks::WithChoice(Json content, const char* finish) const {
  Json choice = JsonObject({{"index", 0}});
  if (head_.is_chat) {
    choice["delta"] = std::move(content);
  } else {
    choice["text"] = content.value("content", "");
  }
  choice["logprobs"] = nullptr;
  choice["finish_reason"] = finish == nullptr ? Json() : Json(finish);
  Json chunk = HeadJson(head_, head_.is_chat ? "chat.completion.chunk" : "text_completion");
  chunk["choices"] = Choices(std::move(choice));
  if (include_usage_) chunk["usage"] = nullptr;
  return chunk;
}

absl::StatusOr<Json> ResponseChunks::Chunk() {
  if (next_ == Next::kRole) {
    next_ = Next::kPieces;
    return WithChoice(JsonObject({{"role", "assistant"}, {"content", ""}}), nullptr);
  }
  if (next_ == Next::kPieces) {
    ERATO_ASSIGN_OR_RETURN(const erato_status status, answer_->Advance());
    if (status == ERATO_OK) return WithChoice(JsonObject({{"content", answer_->piece()}}), nullptr);
    if (status != ERATO_END) return Fail(status, "[request] the answer could not be completed");
    next_ = include_usage_ ? Next::kUsage : Next::kEnd;
    return WithChoice(Json::object(), FinishReasonOf(*answer_));
  }
  next_ = Next::kEnd;
  Json chunk = HeadJson(head_, head_.is_chat ? "chat.completion.chunk" : "text_completion");
  chunk["choices"] = Json::array();
  chunk["usage"] = Usage(answer_->counts());
  return chunk;
}

absl::StatusOr<erato_status> ResponseChunks::Advance() {
  chunk_.clear();
  if (lost_) return ERATO_NO_MEMORY;
  if (next_ == Next::kEnd) return ERATO_END;
  try {
    ERATO_ASSIGN_OR_RETURN(const Json chunk, Chunk());
    chunk_ = WriteJson(chunk);
  } catch (...) {  // a piece may be gone
    lost_ = true;
    throw;
  }
  return ERATO_OK;
}

}  // namespace erato::capi
