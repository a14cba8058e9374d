// What the engine and its handles share: sequences, requests, blocks, under one mutex.
//
// Handles (Sequence, Request) and the engine hold this together, so that they may go in any order.
// Records are what the engine works on; a handle's end lets go of its record, and a running step
// that still needs it keeps it alive.
#ifndef ERATO_CORE_ENGINE_STATE_H_
#define ERATO_CORE_ENGINE_STATE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "core/engine/blocks.h"
#include "core/engine/engine.h"
#include "core/engine/sampler.h"

namespace erato {

struct RequestState;

/// Tokens and how much of them the cache holds. While a step runs on it (in_step) only the step's
/// leader changes it.
struct SequenceState {
  std::vector<int32_t> tokens;
  int32_t cached = 0;  // tokens [0, cached) are in the cache: not all while a request is at work
  std::vector<int32_t> blocks;      // block table, covers at least the cached tokens
  RequestState* request = nullptr;  // at work on it
  bool in_step = false;
  bool dropped = false;   // its handle is gone
  int64_t used_step = 0;  // last step or submission

  int32_t need() const { return static_cast<int32_t>(tokens.size()) - cached; }
};

/// One answer in the making. It is active (in EngineState::requests) until it has a finish or an
/// error.
struct RequestState {
  RequestState(std::shared_ptr<SequenceState> line, Sampler s)
      : sequence(std::move(line)), sampler(std::move(s)), sampler_state(sampler.Begin()) {}

  const std::shared_ptr<SequenceState> sequence;
  const Sampler sampler;
  SamplerState sampler_state;
  int32_t max_tokens = 0, min_tokens = 0;
  std::vector<int32_t> end_ids;
  int32_t logprobs = -1;
  TokenLogprobs token_logprobs;  // of `token`
  std::shared_ptr<const TokenFilter> filter;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  int64_t arrival = 0;
  int64_t served_step = 0;

  int32_t generated = 0;
  std::optional<int32_t>
      token;  // generated, not asked for yet; while there is one the request gets no rows
  FinishReason finish = FinishReason::kCancelled;  // kNone once it is submitted
  absl::Status error;
  bool asked = false;                          // a thread is in Next
  std::chrono::steady_clock::time_point left;  // when a thread was last
  std::condition_variable wake;  // for that thread: an event is there, or leadership is free

  bool ended() const { return finish != FinishReason::kNone || !error.ok(); }
  bool has_event() const { return token.has_value() || ended(); }
  bool waited_for() const { return asked && !has_event(); }
  bool expired(std::chrono::steady_clock::time_point now) const {
    return deadline.has_value() && *deadline <= now && !has_event();
  }
};

struct EngineState {
  EngineState(std::unique_ptr<KvPool> kv, int32_t block_limit)
      : pool(std::move(kv)), blocks(pool.get(), block_limit) {}

  std::mutex mutex;
  std::unique_ptr<KvPool> pool;  // null once the engine is gone
  BlockAllocator blocks;
  std::vector<std::shared_ptr<SequenceState>> sequences;
  std::vector<std::shared_ptr<RequestState>> requests;  // active ones, in order of arrival
  EngineStats stats;
  bool leading = false;             // a thread is the leader
  bool running = false;             // its step is between plan and commit, the mutex free
  std::atomic<bool> stop{false};    // ends the running step
  std::condition_variable changed;  // a step ended or leadership fell free
};

// All of these need the mutex held.

/// The request is over: off the active list, its sequence free for the next one as soon as no step
/// runs on it.
void EndRequest(EngineState& state, RequestState& request, FinishReason finish,
                absl::Status error) noexcept;
/// Ends for an outside reason, now: a running step that it takes part in is stopped, a token not
/// asked for is forgotten.
void CancelRequest(EngineState& state, RequestState& request, FinishReason reason) noexcept;
/// Shortens what the cache holds to the first `keep` tokens.
void ForgetCache(EngineState& state, SequenceState& sequence, int32_t keep) noexcept;
/// Takes a sequence whose handle is gone off the list, its blocks back.
void RemoveSequence(EngineState& state, SequenceState& sequence) noexcept;

class Sequence {
 public:
  Sequence(std::shared_ptr<EngineState> house, std::shared_ptr<SequenceState> record)
      : state(std::move(house)), sequence(std::move(record)) {}
  ~Sequence();
  Sequence(const Sequence&) = delete;
  Sequence& operator=(const Sequence&) = delete;

  const std::shared_ptr<EngineState> state;
  const std::shared_ptr<SequenceState> sequence;
};

class Request {
 public:
  Request(std::shared_ptr<Sequence> on, std::shared_ptr<RequestState> record)
      : sequence(std::move(on)), request(std::move(record)) {}
  ~Request();
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  const std::shared_ptr<Sequence> sequence;  // lives as long as work on it
  const std::shared_ptr<RequestState> request;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_STATE_H_
