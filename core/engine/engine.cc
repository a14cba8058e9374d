// What callers see of the engine: handles made, work taken on, tokens handed out, leadership passed
// on.
#include "core/engine/engine.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/engine/leader.h"
#include "core/engine/memory.h"

namespace erato {
namespace {

absl::Status Expect(bool holds, const char* what, int64_t got, const char* expected) {
  if (holds) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("[engine] ", what, ", got ", got, ", expected ", expected));
}

absl::StatusOr<int32_t> BlockLimit(int64_t kv_bytes, size_t block_bytes) {
  int64_t most = std::numeric_limits<int32_t>::max() / KvPool::block_tokens;
  int64_t limit = block_bytes == 0 ? most : kv_bytes / static_cast<int64_t>(block_bytes);
  if (limit >= 1) return static_cast<int32_t>(std::min(limit, most));
  return absl::InvalidArgumentError(absl::StrCat("[engine] kv_bytes, got ", kv_bytes,
                                                 ", expected at least one block of ", block_bytes));
}

int32_t CommonPrefix(absl::Span<const int32_t> a, absl::Span<const int32_t> b) {
  size_t most = std::min(a.size(), b.size());
  return static_cast<int32_t>(std::mismatch(a.begin(), a.begin() + most, b.begin()).first -
                              a.begin());
}

absl::Status NotOurs() {
  return absl::InvalidArgumentError(
      "[engine] handle, got another engine's, expected this engine's");
}

}  // namespace

absl::StatusOr<std::shared_ptr<Engine>> Engine::Create(Model* model, Backend* backend,
                                                       const EngineOptions& options) {
  for (const absl::Status& status :
       {Expect(options.step_tokens >= 1, "step_tokens", options.step_tokens, "1 or more"),
        Expect(options.max_requests >= 1, "max_requests", options.max_requests, "1 or more"),
        Expect(model->max_rows() >= 1, "model's max_rows", model->max_rows(), "1 or more"),
        Expect(model->max_logit_rows() >= 1, "model's max_logit_rows", model->max_logit_rows(),
               "1 or more"),
        Expect(model->vocabulary() >= 1, "model's vocabulary", model->vocabulary(), "1 or more"),
        Expect(model->context_length() >= 1, "model's context_length", model->context_length(),
               "1 or more")}) {
    if (!status.ok()) return status;
  }
  absl::StatusOr<std::unique_ptr<KvPool>> pool = backend->NewKvPool(model->kv_layers());
  if (!pool.ok()) return pool.status();
  absl::StatusOr<int32_t> limit = BlockLimit(options.kv_bytes, (*pool)->block_bytes());
  if (!limit.ok()) return limit.status();
  auto state = std::make_shared<EngineState>(*std::move(pool), *limit);
  return std::make_shared<EngineImpl>(model, backend, options, std::move(state));
}

EngineImpl::EngineImpl(Model* model, Backend* backend, const EngineOptions& options,
                       std::shared_ptr<EngineState> state)
    : model_(model),
      backend_(backend),
      options_(options),
      step_rows_(std::min(options.step_tokens, model->max_rows())),
      state_(std::move(state)),
      row_(model->vocabulary()) {}

EngineImpl::~EngineImpl() {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->blocks.Close();
  state_->pool.reset();  // now: handles may outlive the backend
}

std::shared_ptr<Sequence> EngineImpl::NewSequence() {
  auto sequence = std::make_shared<Sequence>(state_, std::make_shared<SequenceState>());
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->sequences.push_back(sequence->sequence);
  return sequence;
}

std::vector<int32_t> EngineImpl::Tokens(const Sequence& sequence) const {
  std::lock_guard<std::mutex> lock(sequence.state->mutex);
  return sequence.sequence->tokens;
}

EngineStats EngineImpl::stats() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  EngineStats stats = state_->stats;
  stats.blocks_used = state_->blocks.used();
  stats.blocks_total = state_->blocks.total();
  return stats;
}

/// `most`: tokens that may be given; one less than the context where one is to be generated.
absl::Status EngineImpl::CheckTokens(absl::Span<const int32_t> tokens, int32_t most) const {
  if (tokens.empty()) {
    return absl::InvalidArgumentError("[engine] tokens, got none, expected one or more");
  }
  if (tokens.size() > static_cast<size_t>(most)) {
    return absl::OutOfRangeError(absl::StrCat("[context] tokens, got ", tokens.size(),
                                              ", expected at most ", most, " of a context of ",
                                              model_->context_length()));
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] >= 0 && tokens[i] < model_->vocabulary()) continue;
    return absl::InvalidArgumentError(absl::StrCat("[engine] token ", i, ", got id ", tokens[i],
                                                   ", expected 0 to ", model_->vocabulary() - 1));
  }
  return absl::OkStatus();
}

/// Whether the cache, all of it, could hold so many tokens.
absl::Status EngineImpl::CheckFits(int64_t tokens) const {
  int32_t limit = state_->blocks.limit();
  if (BlocksFor(tokens) <= limit) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("[kv cache] blocks for ", tokens,
                                                   " tokens, got ", limit, " allowed, expected ",
                                                   BlocksFor(tokens)));
}

/// A request that is not at work yet.
absl::StatusOr<std::shared_ptr<Request>> EngineImpl::NewRequest(
    std::shared_ptr<Sequence> sequence, const RequestOptions& options) const {
  if (absl::Status good =
          Expect(options.max_tokens >= 0, "max_tokens", options.max_tokens, "0 or more");
      !good.ok()) {
    return good;
  }
  const auto& breakers = options.sampler.dry_breakers;
  if (breakers != nullptr && static_cast<int64_t>(breakers->size()) != model_->vocabulary()) {
    return Expect(false, "dry_breakers", static_cast<int64_t>(breakers->size()),
                  "one of each id of the vocabulary");
  }
  absl::StatusOr<Sampler> sampler = Sampler::Create(options.sampler);
  if (!sampler.ok()) return sampler.status();
  auto request = std::make_shared<RequestState>(sequence->sequence, *std::move(sampler));
  request->max_tokens = options.max_tokens;
  request->min_tokens = options.min_tokens;
  request->end_ids = options.end_ids;
  request->logprobs = options.logprobs;
  request->filter = options.filter;
  request->deadline = options.deadline;
  return std::make_shared<Request>(std::move(sequence), std::move(request));
}

absl::StatusOr<std::shared_ptr<Request>> EngineImpl::Submit(std::shared_ptr<Sequence> sequence,
                                                            absl::Span<const int32_t> tokens,
                                                            const RequestOptions& options) {
  if (sequence == nullptr || sequence->state != state_) return NotOurs();
  if (absl::Status good = CheckTokens(tokens, model_->context_length() - 1); !good.ok())
    return good;
  if (absl::Status good = CheckFits(tokens.size()); !good.ok()) return good;
  SequenceState& line = *sequence->sequence;
  absl::StatusOr<std::shared_ptr<Request>> handle = NewRequest(std::move(sequence), options);
  if (!handle.ok()) return handle;
  std::vector<int32_t> text(tokens.begin(), tokens.end());

  Lock lock(state_->mutex);
  // A request that was cancelled a moment ago may still be in the running step.
  state_->changed.wait(lock, [&] { return line.request != nullptr || !line.in_step; });
  if (line.request != nullptr) {
    return absl::FailedPreconditionError(
        "[engine] sequence, got one with a request at work, expected one at rest");
  }
  if (static_cast<int64_t>(state_->requests.size()) >= options_.max_requests) {
    return absl::ResourceExhaustedError(absl::StrCat("[engine] requests at work, got ",
                                                     state_->requests.size() + 1,
                                                     ", expected at most ", options_.max_requests));
  }
  state_->requests.push_back((*handle)->request);  // the last that can throw
  int32_t known = CommonPrefix(text, absl::MakeSpan(line.tokens).first(line.cached));
  ForgetCache(*state_, line, std::min(known, static_cast<int32_t>(text.size()) - 1));
  line.tokens.swap(text);
  line.used_step = state_->stats.steps;
  RequestState& request = *(*handle)->request;
  line.request = &request;
  request.finish = FinishReason::kNone;
  request.arrival = arrivals_++;
  request.left = std::chrono::steady_clock::now();
  state_->stats.reused_tokens += line.cached;
  return handle;
}

/// Until the request has an event: true; or nothing can run, because all blocks belong to earlier
/// requests whose owners are away for the moment: false.
bool EngineImpl::Lead(RequestState& request, Lock& lock) {
  Leadership leadership(*state_);
  while (!request.has_event()) {
    if (!RunStep(lock)) return false;
  }
  return true;
}

/// Until woken, for `most` where given; at the request's deadline it ends.
void EngineImpl::Wait(RequestState& request, std::optional<std::chrono::milliseconds> most,
                      Lock& lock) {
  std::optional<std::chrono::steady_clock::time_point> until = request.deadline;
  if (most.has_value()) {
    auto end = std::chrono::steady_clock::now() + *most;
    until = std::min(until.value_or(end), end);
  }
  if (!until.has_value()) return request.wake.wait(lock);
  request.wake.wait_until(lock, *until);
  if (request.expired(std::chrono::steady_clock::now())) {
    CancelRequest(*state_, request, FinishReason::kDeadline);
  }
}

absl::StatusOr<TokenEvent> EngineImpl::Next(Request& handle) {
  if (handle.sequence->state != state_) return NotOurs();
  RequestState& request = *handle.request;
  Lock lock(state_->mutex);
  if (request.asked) {
    return absl::FailedPreconditionError(
        "[engine] request, got a second caller of Next, expected one at a time");
  }
  Asking asking(*state_, request);
  while (!request.has_event()) {
    if (state_->leading) {
      Wait(request, std::nullopt, lock);
    } else if (!Lead(request, lock)) {
      Wait(request, kAbsence, lock);
    }
  }
  TokenEvent event;
  if (request.token.has_value()) {
    event.token = std::exchange(request.token, std::nullopt);
    event.logprobs = request.token_logprobs;
    return event;
  }
  if (!request.error.ok()) return request.error;
  event.finish = request.finish;
  return event;
}

void EngineImpl::Cancel(Request& handle) {
  std::lock_guard<std::mutex> lock(handle.sequence->state->mutex);
  CancelRequest(*handle.sequence->state, *handle.request, FinishReason::kCancelled);
}

void EngineImpl::Finish(Request& handle) {
  EngineState& state = *handle.sequence->state;
  Lock lock(state.mutex);
  CancelRequest(state, *handle.request, FinishReason::kCancelled);
  SequenceState& line = *handle.request->sequence;
  state.changed.wait(lock, [&] { return line.request != nullptr || !line.in_step; });
}

/// Runs `tokens` on a sequence of its own, ahead of all requests.
absl::Status EngineImpl::Measure(absl::Span<const int32_t> tokens, bool all_rows,
                                 const SeeRow& see) {
  std::vector<int32_t> text(tokens.begin(), tokens.end());
  std::shared_ptr<Sequence> handle = NewSequence();  // gives its blocks back when it goes
  const std::shared_ptr<SequenceState>& line = handle->sequence;

  Lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return !state_->leading; });
  Leadership leadership(*state_);
  line->tokens.swap(text);
  state_->blocks.Retry();
  // Nobody came earlier: all others give way.
  BlockClaim first{true, -1, static_cast<int32_t>(line->tokens.size()),
                   std::chrono::steady_clock::now()};
  absl::StatusOr<bool> admitted = AdmitBlocks(*state_, *line, first);
  if (!admitted.ok()) return admitted.status();
  while (line->need() > 0) {
    if (absl::Status ran = RunLogits(line, all_rows, see, lock); !ran.ok()) return ran;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<float>> EngineImpl::Logits(absl::Span<const int32_t> tokens,
                                                      bool all_rows) {
  if (absl::Status good = CheckTokens(tokens, model_->context_length()); !good.ok()) return good;
  if (absl::Status good = CheckFits(tokens.size()); !good.ok()) return good;
  std::vector<float> out;
  out.reserve((all_rows ? tokens.size() : 1) * static_cast<size_t>(model_->vocabulary()));
  auto keep = [&](int32_t, absl::Span<const float> logits) {
    out.insert(out.end(), logits.begin(), logits.end());
    return absl::OkStatus();
  };
  if (absl::Status ran = Measure(tokens, all_rows, keep); !ran.ok()) return ran;
  return out;
}

absl::StatusOr<std::vector<TokenLogprobs>> EngineImpl::Score(absl::Span<const int32_t> tokens,
                                                             int32_t likeliest) {
  if (absl::Status good = CheckTokens(tokens, model_->context_length()); !good.ok()) return good;
  std::vector<TokenLogprobs> out;
  const absl::Span<const int32_t> before = tokens.first(tokens.size() - 1);
  if (before.empty()) return out;
  if (absl::Status good = CheckFits(before.size()); !good.ok()) return good;
  out.reserve(before.size());
  auto keep = [&](int32_t position, absl::Span<const float> logits) {
    double log_sum = 0;
    out.push_back(FindLogprobs(logits, likeliest, sampler_scratch_, &log_sum));
    const int32_t next = tokens[static_cast<size_t>(position) + 1];
    out.back().chosen = logits[static_cast<size_t>(next)] - log_sum;
    return absl::OkStatus();
  };
  if (absl::Status ran = Measure(before, true, keep); !ran.ok()) return ran;
  return out;
}

}  // namespace erato
