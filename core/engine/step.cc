// One step, a transaction: schedule (plan and reserve) -> run -> sample -> commit -> publish.
//
// Until Commit nothing that a request stands on has changed: blocks may have come behind what the
// cache holds, but tokens, counts and the draw of a sampler (a function of how many tokens were
// generated) are as before. So a step that is cancelled or throws std::bad_alloc is simply run
// again by whoever leads next, and one that fails has its requests marked failed.
#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/leader.h"
#include "core/engine/memory.h"

namespace erato {
namespace {

/// Room for one more token, so that Commit cannot run short.
void ReserveToken(std::vector<int32_t>& tokens) {
  if (tokens.size() == tokens.capacity()) tokens.reserve(2 * tokens.size());
}

}  // namespace

bool EngineImpl::RunStep(Lock& lock) {
  size_t active = state_->requests.size();
  Schedule();
  if (batch_.parts.empty()) return state_->requests.size() < active;
  InStep in_step(*state_, batch_, lock);
  absl::Status ran = Run(lock);
  Sample(ran);
  Commit(ran, lock);
  Publish();
  return true;
}

/// Gives rows to requests that are waited for, and what is left to those that only have room for a
/// token ahead.
void EngineImpl::Schedule() {
  Planning planning(*this);
  state_->blocks.Retry();
  state_->blocks.Trim();
  auto now = std::chrono::steady_clock::now();
  admitted_.assign(state_->requests.begin(), state_->requests.end());
  for (const auto& request : admitted_) {
    if (request->expired(now)) CancelRequest(*state_, *request, FinishReason::kDeadline);
  }
  StepBudget budget{step_rows_, model_->max_logit_rows()};
  for (bool waited_for : {true, false}) {
    Admit(waited_for, now);
    PlanParts(budget);
  }
  planning.Keep();
}

/// Fills admitted_ with the requests that can run and have blocks.
void EngineImpl::Admit(bool waited_for, std::chrono::steady_clock::time_point now) {
  admitted_.clear();
  for (const auto& request : state_->requests) {
    if (!request->has_event() && request->waited_for() == waited_for) admitted_.push_back(request);
  }
  auto refused = [&](const std::shared_ptr<RequestState>& request) {
    BlockClaim claim{waited_for, request->arrival, model_->context_length(), now};
    absl::StatusOr<bool> got = AdmitBlocks(*state_, *request->sequence, claim);
    if (!got.ok()) EndRequest(*state_, *request, FinishReason::kNone, got.status());
    return !got.ok() || !*got;
  };
  size_t kept = 0;
  for (size_t i = 0; i < admitted_.size(); ++i) {
    if (!refused(admitted_[i])) std::swap(admitted_[kept++], admitted_[i]);
  }
  admitted_.resize(kept);
}

void EngineImpl::PlanParts(StepBudget& budget) {
  candidates_.clear();
  for (const auto& request : admitted_) {
    candidates_.push_back({request->sequence->need(), request->served_step, 0});
  }
  PlanRows(state_->stats.steps, candidates_, budget);
  for (size_t i = 0; i < admitted_.size(); ++i) {
    int32_t rows = candidates_[i].rows;
    if (rows == 0) continue;
    SequenceState& sequence = *admitted_[i]->sequence;
    bool last = rows == sequence.need();
    if (last) ReserveToken(sequence.tokens);
    batch_.parts.push_back({admitted_[i]->sequence, admitted_[i], rows, last ? 1 : 0, {}, {}});
  }
}

absl::Status EngineImpl::Run(Lock& lock) {
  const Step& step = batch_.Assemble(state_->pool.get(), &state_->stop);
  lock.unlock();
  return backend_->Run(*model_, step);
}

void EngineImpl::Sample(const absl::Status& ran) {
  if (!ran.ok()) return;
  int64_t row = 0;
  for (BatchPart& part : batch_.parts) {
    if (part.logit_rows == 0) continue;
    absl::StatusOr<int32_t> token = SampleRow(part, row++);
    if (token.ok()) {
      part.sampled = *token;
    } else {
      part.error = absl::Status(token.status().code(),
                                absl::StrCat(token.status().message(), ", after position ",
                                             part.sequence->cached + part.rows - 1));
    }
  }
}

/// The next token of a part from its row of the last run's logits.
absl::StatusOr<int32_t> EngineImpl::SampleRow(BatchPart& part, int64_t row) {
  const RequestState& request = *part.request;
  absl::Span<float> logits = absl::MakeSpan(row_);
  absl::Span<const int32_t> tokens = part.sequence->tokens;
  backend_->Read(model_->logits(), row, 1, row_.data());
  if (absl::Status finite = CheckFinite(logits); !finite.ok()) return finite;
  double log_sum = 0;
  if (request.logprobs >= 0) {
    part.logprobs = FindLogprobs(logits, request.logprobs, sampler_scratch_, &log_sum);
  }
  if (request.filter != nullptr) request.filter->Forbid(tokens.last(request.generated), logits);
  if (request.generated < request.min_tokens) {
    for (int32_t id : request.end_ids) {
      if (id >= 0 && id < model_->vocabulary())
        logits[id] = -std::numeric_limits<float>::infinity();
    }
  }
  part.sampler_state = request.sampler_state;
  absl::StatusOr<int32_t> token = request.sampler.Draw(logits, tokens, request.generated,
                                                       sampler_scratch_, &part.sampler_state);
  if (token.ok() && part.logprobs.known) {
    backend_->Read(model_->logits(), row, 1, row_.data());  // the draw has worked in the row
    part.logprobs.chosen = row_[static_cast<size_t>(*token)] - log_sum;
  }
  return token;
}

void EngineImpl::Commit(const absl::Status& ran, Lock& lock) {
  lock.lock();
  ++state_->stats.steps;
  bool stopped = state_->stop.load(std::memory_order_relaxed);
  if (stopped && absl::IsCancelled(ran)) return;
  for (BatchPart& part : batch_.parts) {
    if (part.request->ended()) continue;  // cancelled meanwhile: nothing of it is committed
    if (ran.ok()) {
      CommitPart(part);
    } else {
      EndRequest(*state_, *part.request, FinishReason::kNone, ran);
    }
  }
}

void EngineImpl::CommitPart(BatchPart& part) {
  SequenceState& sequence = *part.sequence;
  sequence.cached += part.rows;
  sequence.used_step = part.request->served_step = state_->stats.steps;
  if (part.request->generated == 0 || part.rows > 1) state_->stats.prompt_tokens += part.rows;
  if (part.logit_rows == 0) return;
  if (part.error.ok()) return CommitToken(part);
  sequence.cached = 0;  // what made the logits wrong may lie in the cache
  EndRequest(*state_, *part.request, FinishReason::kNone, std::move(part.error));
}

void EngineImpl::CommitToken(BatchPart& part) {
  RequestState& request = *part.request;
  const std::vector<int32_t>& ends = request.end_ids;
  if (std::find(ends.begin(), ends.end(), *part.sampled) != ends.end()) {
    return EndRequest(*state_, request, FinishReason::kEndOfText, absl::OkStatus());
  }
  std::vector<int32_t>& tokens = part.sequence->tokens;
  tokens.push_back(*part.sampled);
  request.token = part.sampled;
  request.token_logprobs = part.logprobs;
  request.sampler_state = part.sampler_state;
  ++request.generated;
  ++state_->stats.generated_tokens;
  if (request.generated == request.max_tokens ||
      static_cast<int32_t>(tokens.size()) >= model_->context_length()) {
    EndRequest(*state_, request, FinishReason::kLength, absl::OkStatus());
  }
}

void EngineImpl::Publish() {
  for (const BatchPart& part : batch_.parts) {
    if (part.request->asked && part.request->has_event()) part.request->wake.notify_one();
  }
}

/// One chunk of logits for measuring: alone in its step.
absl::Status EngineImpl::RunLogits(const std::shared_ptr<SequenceState>& sequence, bool all_rows,
                                   const SeeRow& see, Lock& lock) {
  int32_t most = all_rows ? std::min(step_rows_, model_->max_logit_rows()) : step_rows_;
  int32_t rows = std::min(most, sequence->need());
  int32_t logit_rows = all_rows ? rows : rows == sequence->need();
  batch_.parts.clear();
  batch_.parts.push_back({sequence, nullptr, rows, logit_rows, {}, {}});
  InStep in_step(*state_, batch_, lock);
  if (absl::Status ran = Run(lock); !ran.ok()) return ran;
  for (int32_t i = 0; i < logit_rows; ++i) {
    backend_->Read(model_->logits(), i, 1, row_.data());
    absl::Status seen = CheckFinite(row_);
    if (seen.ok()) seen = see(sequence->cached + rows - logit_rows + i, row_);
    if (!seen.ok()) return seen;
  }
  lock.lock();
  ++state_->stats.steps;
  state_->stats.prompt_tokens += rows;
  sequence->cached += rows;
  return absl::OkStatus();
}

}  // namespace erato
