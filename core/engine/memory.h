// Who gets cache blocks when there are too few: the rule of admission and of giving way.
//
// A request runs only with blocks for all tokens that it is to compute, and for the one after a
// prompt. To get them the caches of others may be dropped (their tokens stay, and are computed
// again when their turn comes), in this order:
//   1. sequences that no request works on, least recently used first;
//   2. requests that nobody has waited for in Next for a while, least recently used first;
//   3. requests that came later: the latest first.
// Where that is not enough the request waits: for earlier ones to end, or for who takes them to
// stay away. So the earliest request that is waited for can have everything: it runs, or it can
// never run, and then it fails. Nothing deadlocks, nothing starves. The while of 2 keeps a request
// whose owner is just about to come back for the next token from losing its cache each time.
// A request that nobody waits for takes from the first group alone.
#ifndef ERATO_CORE_ENGINE_MEMORY_H_
#define ERATO_CORE_ENGINE_MEMORY_H_

#include <chrono>
#include <cstdint>

#include "absl/status/statusor.h"
#include "core/engine/state.h"

namespace erato {

/// How long a request that nobody waits for keeps its cache from those that came later.
constexpr std::chrono::milliseconds kAbsence{5};

struct BlockClaim {
  bool waited_for = false;  // a thread waits for it
  int64_t arrival = 0;      // requests that came later give way to it
  int32_t longest = 0;      // tokens that its sequence can come to at most
  std::chrono::steady_clock::time_point now;
};

/// True: the sequence's block table now covers what it is to compute. False: it has to wait,
/// nothing has changed. RESOURCE_EXHAUSTED: nobody can give way for it. No step may be running; the
/// mutex is held.
absl::StatusOr<bool> AdmitBlocks(EngineState& state, SequenceState& sequence,
                                 const BlockClaim& claim);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_MEMORY_H_
