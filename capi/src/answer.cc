#include "capi/src/answer.h"

#include <algorithm>
#include <random>
#include <utility>

#include "capi/src/error.h"
#include "capi/src/options.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

uint64_t FreshSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

SamplerOptions ReadSampler(const erato_options* options) {
  SamplerOptions sampler;
  const auto number = [&](erato_option key) {
    return static_cast<float>(FloatOption(options, key));
  };
  const auto whole = [&](erato_option key) {
    return static_cast<int32_t>(IntOption(options, key));
  };
  sampler.temperature = number(ERATO_GENERATE_TEMPERATURE);
  sampler.top_k = whole(ERATO_GENERATE_TOP_K);
  sampler.top_p = number(ERATO_GENERATE_TOP_P);
  sampler.min_p = number(ERATO_GENERATE_MIN_P);
  sampler.repetition_penalty = number(ERATO_GENERATE_REPETITION_PENALTY);
  sampler.presence_penalty = number(ERATO_GENERATE_PRESENCE_PENALTY);
  sampler.frequency_penalty = number(ERATO_GENERATE_FREQUENCY_PENALTY);
  sampler.penalty_window = whole(ERATO_GENERATE_PENALTY_WINDOW);
  const int64_t seed = IntOption(options, ERATO_GENERATE_SEED);
  sampler.seed = seed < 0 ? FreshSeed() : static_cast<uint64_t>(seed);
  return sampler;
}

// Tokens at the begin that the cache holds already; the last one is always computed.
int64_t CommonTokens(const std::vector<int32_t>& held, const std::vector<int32_t>& wanted) {
  const auto [a, b] = std::mismatch(held.begin(), held.end(), wanted.begin(), wanted.end());
  const int64_t same = b - wanted.begin();
  return std::min<int64_t>(same, std::max<int64_t>(0, std::ssize(wanted) - 1));
}

}  // namespace

absl::StatusOr<AnswerSettings> ReadGenerateOptions(const erato_options* options) {
  ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_GENERATE));
  AnswerSettings settings;
  settings.request.sampler = ReadSampler(options);
  settings.request.max_tokens = static_cast<int32_t>(IntOption(options, ERATO_GENERATE_MAX_TOKENS));
  const int64_t deadline_ms = IntOption(options, ERATO_GENERATE_DEADLINE_MS);
  if (deadline_ms > 0) {
    settings.request.deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(deadline_ms);
  }
  settings.stop = ListOption(options, ERATO_GENERATE_STOP);
  settings.ignore_end = IntOption(options, ERATO_GENERATE_IGNORE_END) != 0;
  return settings;
}

Answer::Answer(std::shared_ptr<const LoadedModel> model, bool text, AnswerSettings settings)
    : model_(std::move(model)), with_text_(text), stop_(std::move(settings.stop)) {}

absl::StatusOr<std::unique_ptr<Answer>> Answer::Start(std::shared_ptr<const LoadedModel> model,
                                                      std::shared_ptr<Sequence> sequence,
                                                      std::vector<int32_t> ids, bool text,
                                                      AnswerSettings settings) {
  ERATO_RETURN_IF_ERROR(model->CheckUnchanged());
  if (!text && !settings.stop.empty()) {
    return model->RequireTokenizer().status();
  }
  RequestOptions request = std::move(settings.request);
  if (!settings.ignore_end) request.end_ids = model->end_ids();
  Engine& engine = model->engine();
  std::unique_ptr<Answer> answer(new Answer(std::move(model), text, std::move(settings)));
  answer->counts_.prompt_tokens = std::ssize(ids);
  answer->counts_.reused_tokens = CommonTokens(engine.Tokens(*sequence), ids);
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
  if (ended_) return result_;
  try {
    result_ = Step();
    text_ += piece_;
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
  while (finish_ == ERATO_FINISH_NONE) {
    ERATO_ASSIGN_OR_RETURN(const TokenEvent event,
                           From(Origin::kEngine, model_->engine().Next(*request_)));
    if (!event.token.has_value()) return Complete(event.finish);
    CountToken();
    if (Take(*event.token)) return ERATO_OK;
  }
  return ERATO_END;
}

// True when there is something to give out.
bool Answer::Take(int32_t id) {
  ids_.push_back(id);
  if (!with_text_) return true;
  std::string bytes, text;
  model_->tokenizer()->AppendBytes(id, false, bytes);
  utf8_.Push(bytes, text);
  if (stop_.Push(text, piece_)) finish_ = ERATO_FINISH_STOP;
  return !piece_.empty();
}

absl::StatusOr<erato_status> Answer::Complete(FinishReason reason) {
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
  std::string text;
  utf8_.Flush(text);
  if (stop_.Push(text, piece_)) {
    finish_ = ERATO_FINISH_STOP;
  } else {
    stop_.Flush(piece_);
  }
  return piece_.empty() ? ERATO_END : ERATO_OK;
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
