// Many requests, one model: paged cache, chunked prefill, continuous batching, without a thread of
// its own.
//
// Whoever asks for its next token (Next) may become the leader: it runs one step for all requests
// that can run, publishes the tokens, and hands leadership on; the others wait. A step is a
// transaction: plan, reserve, run, commit; a step that is cancelled leaves every request as it was,
// one that fails ends its requests with the error, and their sequences stay usable.
//
// Work is done when it is asked for: a request that nobody takes tokens from is stepped along with
// others until one token lies ready, and no further. Where blocks of the cache run short, caches of
// sequences at rest are dropped first, then those of requests nobody asks about, then those of
// later requests; what was dropped is computed again when its turn comes (memory.h has the rule).
#ifndef ERATO_CORE_ENGINE_ENGINE_H_
#define ERATO_CORE_ENGINE_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/engine/logprobs.h"
#include "core/engine/model.h"
#include "core/engine/sampler.h"
#include "core/engine/token_filter.h"
#include "core/ops/ops.h"

namespace erato {

struct EngineOptions {
  int64_t kv_bytes = int64_t{1} << 40;  // most memory for keys and values
  int32_t step_tokens = 256;  // most rows of a step: bounds how late a leader sees its own deadline
  int32_t max_requests = 4096;  // at work at once
};

/// One line of tokens and its cache. Made by Engine::NewSequence; used by one caller at a time;
/// freed before or after its engine. Holds tokens that are committed to the cache or waiting to be.
class Sequence;
/// Work on one sequence: a prompt, then tokens until a reason to end.
class Request;

struct RequestOptions {
  SamplerOptions sampler;
  int32_t max_tokens = 0;        // 0 = as many as the context holds
  int32_t min_tokens = 0;        // before these no end id is drawn
  std::vector<int32_t> end_ids;  // ids that end the answer (not given out)
  int32_t logprobs = -1;  // likeliest tokens told beside each one, to kMostLogprobs; -1 = off
  std::shared_ptr<const TokenFilter> filter;  // null = every token may come
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

enum class FinishReason { kNone, kEndOfText, kLength, kCancelled, kDeadline };

/// What Next gives: a token, or the reason why there are no more.
struct TokenEvent {
  std::optional<int32_t> token;
  FinishReason finish = FinishReason::kNone;
  TokenLogprobs logprobs;  // of the token, where they were asked for
};

struct EngineStats {
  int64_t steps = 0, prompt_tokens = 0, generated_tokens = 0, reused_tokens = 0;
  int32_t blocks_used = 0, blocks_total = 0;
};

/// Every function may be called from any thread.
class Engine {
 public:
  /// Model and backend outlive the engine; nobody else runs them meanwhile.
  static absl::StatusOr<std::shared_ptr<Engine>> Create(Model* model, Backend* backend,
                                                        const EngineOptions& options);
  virtual ~Engine() = default;

  virtual std::shared_ptr<Sequence> NewSequence() = 0;
  /// Tokens of `sequence` as the cache will know them, prompt and answer alike.
  virtual std::vector<int32_t> Tokens(const Sequence& sequence) const = 0;
  /// Asks for an answer to `tokens`, the whole text so far: what the sequence holds of it already
  /// is reused, what differs is forgotten. FAILED_PRECONDITION while another request works on the
  /// sequence, OUT_OF_RANGE with both counts where tokens (+1) do not fit the context,
  /// RESOURCE_EXHAUSTED where they cannot fit the cache at all.
  virtual absl::StatusOr<std::shared_ptr<Request>> Submit(std::shared_ptr<Sequence> sequence,
                                                          absl::Span<const int32_t> tokens,
                                                          const RequestOptions& options) = 0;
  /// The next token of a request; blocks while steps run. The last token before kLength or an end
  /// is given out first; after the finish the same finish is returned again. Errors (DATA_LOSS:
  /// non-finite logits, with index and position; RESOURCE_EXHAUSTED: nobody can give way for its
  /// cache; a failed step's) end the request; the sequence stays usable. FAILED_PRECONDITION while
  /// another thread waits for the same request. A deadline is seen between steps; it stops the
  /// running step where the thread that waits for it is not the one that runs the step.
  virtual absl::StatusOr<TokenEvent> Next(Request& request) = 0;
  /// From any thread, at any time: the request ends with kCancelled and a running step that it is
  /// in is stopped. A token that nobody has taken yet is forgotten.
  virtual void Cancel(Request& request) = 0;
  /// Cancels if needed and waits until no step works on the sequence. A Request that is dropped
  /// does the same without waiting.
  virtual void Finish(Request& request) = 0;
  /// The logits of `tokens`, all rows or the last one: [rows, vocabulary]. For measuring and tests.
  virtual absl::StatusOr<std::vector<float>> Logits(absl::Span<const int32_t> tokens,
                                                    bool all_rows) = 0;
  /// How likely the model finds each of `tokens` after those before it, from the second one on,
  /// with the `likeliest` (0 to kMostLogprobs) in its place. Computed beside the cache of any
  /// sequence.
  virtual absl::StatusOr<std::vector<TokenLogprobs>> Score(absl::Span<const int32_t> tokens,
                                                           int32_t likeliest) = 0;
  virtual EngineStats stats() const = 0;  // prompt_tokens: rows computed, again ones included
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_ENGINE_H_
