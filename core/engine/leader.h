// Scopes of leadership: each undoes its part on every way out, std::bad_alloc included.
#ifndef ERATO_CORE_ENGINE_LEADER_H_
#define ERATO_CORE_ENGINE_LEADER_H_

#include "core/engine/engine_impl.h"

namespace erato {

/// Wakes a thread that waits for a token, to lead. Woken threads that find a token instead pass it
/// on (Asking).
inline void WakeNext(EngineState& state) {
  if (state.leading) return;
  for (const auto& request : state.requests) {
    if (request->waited_for()) return request->wake.notify_one();
  }
}

/// A thread is in Next. Made and ended with the mutex held.
class EngineImpl::Asking {
 public:
  Asking(EngineState& state, RequestState& request) : state_(state), request_(request) {
    request_.asked = true;
  }
  ~Asking() {
    request_.asked = false;
    request_.left = std::chrono::steady_clock::now();
    WakeNext(state_);
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  EngineState& state_;
  RequestState& request_;
};

/// This thread runs the steps. Made and ended with the mutex held.
class EngineImpl::Leadership {
 public:
  explicit Leadership(EngineState& state) : state_(state) { state_.leading = true; }
  ~Leadership() {
    state_.leading = false;
    state_.changed.notify_all();
    WakeNext(state_);
  }
  Leadership(const Leadership&) = delete;
  Leadership& operator=(const Leadership&) = delete;

 private:
  EngineState& state_;
};

/// A plan in the making. Where it stays unfinished nothing of it keeps a request alive.
class EngineImpl::Planning {
 public:
  explicit Planning(EngineImpl& engine) : engine_(engine) { engine_.batch_.parts.clear(); }
  ~Planning() {
    engine_.admitted_.clear();
    if (!kept_) engine_.batch_.parts.clear();
  }
  Planning(const Planning&) = delete;
  Planning& operator=(const Planning&) = delete;
  void Keep() { kept_ = true; }

 private:
  EngineImpl& engine_;
  bool kept_ = false;
};

/// The batch's sequences belong to the running step. Ends with the mutex held, whatever happened.
class EngineImpl::InStep {
 public:
  InStep(EngineState& state, Batch& batch, Lock& lock) : state_(state), batch_(batch), lock_(lock) {
    state_.stop.store(false, std::memory_order_relaxed);
    state_.running = true;
    for (BatchPart& part : batch_.parts) part.sequence->in_step = true;
  }
  ~InStep() {
    if (!lock_.owns_lock()) lock_.lock();
    state_.running = false;
    for (BatchPart& part : batch_.parts) {
      SequenceState& sequence = *part.sequence;
      sequence.in_step = false;
      if (sequence.dropped) {
        RemoveSequence(state_, sequence);
      } else if (part.request != nullptr && part.request->ended()) {
        ForgetCache(state_, sequence, sequence.cached);
      }
    }
    batch_.parts.clear();
    state_.changed.notify_all();
  }
  InStep(const InStep&) = delete;
  InStep& operator=(const InStep&) = delete;

 private:
  EngineState& state_;
  Batch& batch_;
  Lock& lock_;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_LEADER_H_
