#include "capi/src/response.h"

#include <ctime>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "capi/src/error.h"
#include "capi/src/json_text.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

std::string NewId(const char* prefix) {
  std::random_device device;
  return absl::StrCat(prefix, absl::Hex(device(), absl::kZeroPad8),
                      absl::Hex(device(), absl::kZeroPad8));
}

JsonText OpenHead(const ResponseHead& head, const char* object) {
  JsonText json;
  json.Open('{').Field("id", head.id).Field("object", object).Field("created", head.created);
  json.Field("model", head.model);
  return json;
}

const char* ChunkObject(const ResponseHead& head) {
  return head.is_chat ? "chat.completion.chunk" : "text_completion";
}

void AddUsage(const AnswerCounts& counts, JsonText& json) {
  const int64_t prompt = counts.prompt_tokens, generated = counts.generated_tokens;
  json.Key("usage").Open('{').Field("prompt_tokens", prompt).Field("completion_tokens", generated);
  json.Field("total_tokens", prompt + generated).Key("prompt_tokens_details").Open('{');
  json.Field("cached_tokens", counts.reused_tokens.load()).Close('}');
  json.Key("completion_tokens_details").Open('{');
  json.Field("reasoning_tokens", counts.reasoning_tokens.load()).Close('}').Close('}');
}

void AppendItems(std::string_view array, std::string& items) {
  if (array.size() < 3) return;
  if (!items.empty()) items += ',';
  items += array.substr(1, array.size() - 2);
}

// {"content": [scores]}, or null where there are none.
void AddLogprobs(std::string_view items, JsonText& json) {
  if (items.empty()) {
    json.NullField("logprobs");
    return;
  }
  json.Key("logprobs").Open('{').Key("content").Open('[').AddJson(items).Close(']').Close('}');
}

// "stop" or "length": the others are errors.
const char* FinishReasonOf(const Answer& answer) {
  return erato_finish_name(answer.counts().finish);
}

}  // namespace

const std::string& ModelName(const LoadedModel& model) {
  const ModelSummary& summary = model.summary();
  return summary.name.empty() ? summary.family : summary.name;
}

ResponseHead NewHead(const LoadedModel& model, bool is_chat) {
  return {NewId(is_chat ? "chatcmpl-" : "cmpl-"), std::time(nullptr), ModelName(model), is_chat};
}

absl::StatusOr<std::string> WholeResponse(const ResponseHead& head, Answer& answer) {
  erato_status status = ERATO_OK;
  std::string scores;  // of all tokens: an array without its brackets
  while (status == ERATO_OK) {
    ERATO_ASSIGN_OR_RETURN(status, answer.Advance());
    AppendItems(answer.scores(), scores);
  }
  if (status != ERATO_END) return Fail(status, "[request] the answer could not be completed");
  JsonText json = OpenHead(head, head.is_chat ? "chat.completion" : "text_completion");
  json.Key("choices").Open('[').Open('{').Field("index", 0);
  if (head.is_chat) {
    json.Key("message").Open('{').Field("role", "assistant").Field("content", answer.text());
    if (!answer.reasoning().empty()) json.Field("reasoning_content", answer.reasoning());
    json.NullField("refusal").Close('}');
  } else {
    json.Field("text", answer.text());
  }
  AddLogprobs(scores, json);
  json.Field("finish_reason", FinishReasonOf(answer)).Close('}').Close(']');
  if (!answer.prompt_scores().empty()) {
    json.Key("prompt_logprobs").AddJson(answer.prompt_scores());
  }
  AddUsage(answer.counts(), json);
  return json.Close('}').Take();
}

ResponseChunks::ResponseChunks(ResponseHead head, std::unique_ptr<Answer> answer,
                               bool include_usage)
    : head_(std::move(head)),
      answer_(std::move(answer)),
      include_usage_(include_usage),
      next_(head_.is_chat ? Next::kRole : Next::kPieces) {}

std::string ResponseChunks::Choice(bool role, const std::string* content,
                                   const char* finish) const {
  const bool thinking = content != nullptr && answer_->kind() == ERATO_PIECE_REASONING;
  std::string scores;
  if (content == &answer_->piece() || finish != nullptr) AppendItems(answer_->scores(), scores);
  JsonText json = OpenHead(head_, ChunkObject(head_));
  json.Key("choices").Open('[').Open('{').Field("index", 0);
  if (head_.is_chat) {
    json.Key("delta").Open('{');
    if (role) json.Field("role", "assistant");
    if (content != nullptr) json.Field(thinking ? "reasoning_content" : "content", *content);
    json.Close('}');
  } else {
    json.Field("text", content == nullptr ? std::string_view() : std::string_view(*content));
  }
  AddLogprobs(scores, json);
  json.Key("finish_reason");
  if (finish == nullptr) {
    json.AddNull();
  } else {
    json.Add(finish);
  }
  json.Close('}').Close(']');
  if (include_usage_) json.NullField("usage");
  return json.Close('}').Take();
}

absl::StatusOr<std::string> ResponseChunks::Chunk() {
  if (next_ == Next::kRole) {
    next_ = Next::kPieces;
    const std::string nothing;
    return Choice(true, &nothing, nullptr);
  }
  if (next_ == Next::kPieces) {
    ERATO_ASSIGN_OR_RETURN(const erato_status status, answer_->Advance());
    if (status == ERATO_OK) return Choice(false, &answer_->piece(), nullptr);
    if (status != ERATO_END) return Fail(status, "[request] the answer could not be completed");
    next_ = include_usage_ ? Next::kUsage : Next::kEnd;
    return Choice(false, nullptr, FinishReasonOf(*answer_));
  }
  next_ = Next::kEnd;
  JsonText json = OpenHead(head_, ChunkObject(head_));
  json.Key("choices").Open('[').Close(']');
  AddUsage(answer_->counts(), json);
  return json.Close('}').Take();
}

absl::StatusOr<erato_status> ResponseChunks::Advance() {
  chunk_.clear();
  if (lost_) return ERATO_NO_MEMORY;
  if (next_ == Next::kEnd) return ERATO_END;
  try {
    ERATO_ASSIGN_OR_RETURN(chunk_, Chunk());
  } catch (...) {  // a piece may be gone
    lost_ = true;
    throw;
  }
  return ERATO_OK;
}

}  // namespace erato::capi
