#include "core/engine/state.h"

#include <algorithm>
#include <utility>

namespace erato {
namespace {

template <class Record>
void Erase(std::vector<std::shared_ptr<Record>>& from, const Record& record) noexcept {
  auto at =
      std::find_if(from.begin(), from.end(), [&](const auto& p) { return p.get() == &record; });
  if (at != from.end()) from.erase(at);
}

}  // namespace

void EndRequest(EngineState& state, RequestState& request, FinishReason finish,
                absl::Status error) noexcept {
  request.finish = finish;
  request.error = std::move(error);
  SequenceState& sequence = *request.sequence;
  sequence.request = nullptr;
  if (!sequence.in_step)
    ForgetCache(state, sequence, sequence.cached);  // blocks held for what now never comes
  if (request.asked) request.wake.notify_one();
  Erase(state.requests, request);  // last: the list may hold the record's last reference
}

void CancelRequest(EngineState& state, RequestState& request, FinishReason reason) noexcept {
  if (request.ended()) return;
  SequenceState& sequence = *request.sequence;
  if (request.token.has_value()) {
    request.token.reset();
    sequence.tokens.pop_back();  // never run, so never cached
  }
  if (sequence.in_step) state.stop.store(true, std::memory_order_relaxed);
  EndRequest(state, request, reason, absl::OkStatus());
}

void ForgetCache(EngineState& state, SequenceState& sequence, int32_t keep) noexcept {
  sequence.cached = std::min(sequence.cached, keep);
  state.blocks.GiveBack(sequence.blocks, BlocksFor(sequence.cached));
}

void RemoveSequence(EngineState& state, SequenceState& sequence) noexcept {
  ForgetCache(state, sequence, 0);
  Erase(state.sequences, sequence);
}

Sequence::~Sequence() {
  std::lock_guard<std::mutex> lock(state->mutex);
  sequence->dropped = true;
  if (sequence->in_step) return;  // the step's end removes it
  RemoveSequence(*state, *sequence);
  if (!state->running) state->blocks.Trim();
}

Request::~Request() {
  std::lock_guard<std::mutex> lock(sequence->state->mutex);
  CancelRequest(*sequence->state, *request, FinishReason::kCancelled);
}

}  // namespace erato
