#include "capi/src/answer.h"

#include <algorithm>
#include <utility>

#include "capi/src/banned_words.h"
#include "capi/src/error.h"
#include "capi/src/token_scores.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

// Tokens at the begin that the cache holds already; the last one is always computed.
int64_t CommonTokens(const std::vector<int32_t>& held, const std::vector<int32_t>& wanted) {
  const auto [a, b] = std::mismatch(held.begin(), held.end(), wanted.begin(), wanted.end());
  const int64_t same = b - wanted.begin();
  return std::min<int64_t>(same, std::max<int64_t>(0, std::ssize(wanted) - 1));
}

// What of the settings needs to know tokens.
absl::Status ResolveTokens(const LoadedModel& model, const AnswerSettings& settings,
                           RequestOptions& request) {
  for (const LogitBias& bias : request.sampler.bias) {
    if (bias.id < model.vocabulary()) continue;
    return Fail(
        ERATO_INVALID_ARGUMENT,
        Concat("[option logit_bias] id, got ", bias.id, ", expected 0 to ", model.vocabulary() - 1),
        "logit_bias");
  }
  const bool dry = request.sampler.dry_multiplier > 0 && model.tokenizer() != nullptr;
  if (dry) {
    request.sampler.dry_breakers = std::make_shared<const std::vector<uint8_t>>(
        TokensThatHold(*model.tokenizer(), model.vocabulary(), settings.dry_breakers));
  }
  if (!settings.banned_words.empty()) {
    ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, model.RequireTokenizer());
    request.filter = std::make_shared<BannedWords>(tokenizer, settings.banned_words);
  }
  return absl::OkStatus();
}

// The token that a marker is, where it is one that a reader is not shown; -1 else.
int32_t ControlId(const Tokenizer* tokenizer, std::string_view marker) {
  if (tokenizer == nullptr) return -1;
  const std::vector<std::string>& pieces = tokenizer->vocabulary().pieces;
  const auto found = std::find(pieces.begin(), pieces.end(), marker);
  const auto id = static_cast<int32_t>(found - pieces.begin());
  return found != pieces.end() && tokenizer->IsControl(id) ? id : -1;
}

}  // namespace

Answer::Answer(std::shared_ptr<const LoadedModel> model, bool text, AnswerSettings settings)
    : model_(std::move(model)),
      with_text_(text),
      splitter_(settings.markers, settings.begins_inside),
      stop_(std::move(settings.stop)) {
  if (settings.markers == nullptr) return;
  marker_ids_ = {ControlId(model_->tokenizer(), settings.markers->open),
                 ControlId(model_->tokenizer(), settings.markers->close)};
}

absl::StatusOr<std::unique_ptr<Answer>> Answer::Start(std::shared_ptr<const LoadedModel> model,
                                                      std::shared_ptr<Sequence> sequence,
                                                      const std::vector<int32_t>& ids, bool text,
                                                      AnswerSettings settings) {
  ERATO_RETURN_IF_ERROR(model->CheckUnchanged());
  if (!text && !settings.stop.empty()) {
    return model->RequireTokenizer().status();
  }
  RequestOptions request = std::move(settings.request);
  if (!settings.ignore_end) request.end_ids = model->end_ids();
  if (!text || !settings.reasoning_apart) settings.markers = nullptr;
  ERATO_RETURN_IF_ERROR(ResolveTokens(*model, settings, request));
  Engine& engine = model->engine();
  const int32_t prompt_logprobs = settings.prompt_logprobs;
  std::unique_ptr<Answer> answer(new Answer(std::move(model), text, std::move(settings)));
  answer->counts_.prompt_tokens = std::ssize(ids);
  answer->counts_.reused_tokens = CommonTokens(engine.Tokens(*sequence), ids);
  if (prompt_logprobs >= 0) {
    ERATO_RETURN_IF_ERROR(answer->ScorePrompt(ids, prompt_logprobs));
  }
  ERATO_ASSIGN_OR_RETURN(answer->request_,
                         From(Origin::kEngine, engine.Submit(std::move(sequence), ids, request)));
  return answer;
}

Answer::~Answer() {
  if (request_ != nullptr) Leave();
}

void Answer::Cancel() const { model_->engine().Cancel(*request_); }

absl::StatusOr<erato_status> Answer::Advance() {
  piece_.clear();
  ids_.clear();
  bytes_.clear();
  scores_ = JsonText();
  kind_ = ERATO_PIECE_ANSWER;
  if (ended_) return result_;
  try {
    result_ = Step();
    (kind_ == ERATO_PIECE_REASONING ? reasoning_ : text_) += piece_;
    if (!scores_.text().empty()) scores_.Close(']');
  } catch (...) {  // a token may have been lost: going on would garble the text
    result_ = ERATO_NO_MEMORY;
  }
  ended_ = !result_.ok() || *result_ != ERATO_OK;
  if (ended_) Leave();
  return result_;
}

void Answer::Leave() {
  if (!std::exchange(at_work_, false)) return;
  model_->engine().Finish(*request_);
  if (counts_.finish != ERATO_FINISH_NONE) return;
  const bool complete = ended_ && result_.ok() && *result_ == ERATO_END;
  counts_.finish = complete ? finish_ : ERATO_FINISH_ERROR;
}

absl::StatusOr<erato_status> Answer::Step() {
  while (!GiveOut()) {
    if (finish_ != ERATO_FINISH_NONE) return ERATO_END;
    ERATO_ASSIGN_OR_RETURN(const TokenEvent event,
                           From(Origin::kEngine, model_->engine().Next(*request_)));
    if (!event.token.has_value()) {
      ERATO_RETURN_IF_ERROR(Complete(event.finish));
      continue;
    }
    CountToken();
    if (event.logprobs.known) {
      if (scores_.text().empty()) scores_.Open('[');
      AddTokenScore(model_->tokenizer(), *event.token, event.logprobs, scores_);
    }
    ids_.push_back(*event.token);
    if (!with_text_) return ERATO_OK;
    Take(*event.token);
  }
  return ERATO_OK;
}

// Thinking first, then answer: a piece is of one kind.
bool Answer::GiveOut() {
  const bool thinking = !ready_reasoning_.empty();
  std::string& ready = thinking ? ready_reasoning_ : ready_;
  if (ready.empty()) return false;
  kind_ = thinking ? ERATO_PIECE_REASONING : ERATO_PIECE_ANSWER;
  piece_.swap(ready);
  return true;
}

void Answer::Take(int32_t id) {
  if (splitter_.inside()) ++counts_.reasoning_tokens;
  const bool marker = id == marker_ids_[0] || id == marker_ids_[1];
  const size_t before = bytes_.size();
  std::string text, answer;
  model_->tokenizer()->AppendBytes(id, marker, bytes_);
  utf8_.Push(std::string_view(bytes_).substr(before), text);
  splitter_.Push(text, ready_reasoning_, answer);
  if (stop_.Push(answer, ready_)) finish_ = ERATO_FINISH_STOP;
}

absl::Status Answer::Complete(FinishReason reason) {
  switch (reason) {
    case FinishReason::kCancelled:
      counts_.finish = ERATO_FINISH_CANCELLED;
      return Fail(ERATO_CANCELLED, "[answer] cancelled by the host");
    case FinishReason::kDeadline:
      counts_.finish = ERATO_FINISH_DEADLINE;
      return Fail(ERATO_DEADLINE, "[answer] deadline passed");
    default:
      break;
  }
  finish_ = reason == FinishReason::kLength ? ERATO_FINISH_LENGTH : ERATO_FINISH_STOP;
  std::string text, answer;
  utf8_.Flush(text);
  splitter_.Push(text, ready_reasoning_, answer);
  splitter_.Flush(ready_reasoning_, answer);
  if (stop_.Push(answer, ready_)) {
    finish_ = ERATO_FINISH_STOP;
  } else {
    stop_.Flush(ready_);
  }
  return absl::OkStatus();
}

absl::Status Answer::ScorePrompt(const std::vector<int32_t>& ids, int32_t likeliest) {
  ERATO_ASSIGN_OR_RETURN(const auto scores,
                         From(Origin::kEngine, model_->engine().Score(ids, likeliest)));
  JsonText json;
  json.Open('[').AddNull();  // nothing comes before the first
  for (size_t i = 0; i < scores.size(); ++i) {
    AddTokenScore(model_->tokenizer(), ids[i + 1], scores[i], json);
  }
  prompt_scores_ = json.Close(']').Take();
  return absl::OkStatus();
}

void Answer::CountToken() {
  const Clock::time_point now = Clock::now();
  const auto seconds = [](Clock::duration span) {
    return std::chrono::duration<double>(span).count();
  };
  if (counts_.generated_tokens++ == 0) {
    first_token_ = now;
    counts_.prompt_seconds = seconds(now - begin_);
  }
  counts_.generate_seconds = seconds(now - first_token_);
}

}  // namespace erato::capi
