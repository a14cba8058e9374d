// Who gets cache blocks when there are too few: the rule of admission and of giving way.
//
// A request runs only with blocks for all tokens that it is to compute, and for the one after a
// prompt. To get them the caches of others may be dropped (their tokens stay, and are computed
// again when their turn comes), in this order:
//   1. sequences that no request works on, least recently used first;
//   2. requests that nobody waits for now (no thread is in Next), least recently used first;
//   3. requests that are waited for, but came later: the latest first.
// Where that is not enough the request waits for earlier ones to end. So the earliest request that
// is waited for can have everything: either it runs or it can never run, and then it fails. Nothing
// deadlocks, nothing starves. A request that nobody waits for takes from the first group alone.
#ifndef ERATO_CORE_ENGINE_MEMORY_H_
#define ERATO_CORE_ENGINE_MEMORY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "core/engine/state.h"

namespace erato {

struct BlockClaim {
  bool waited_for = false;  // a thread waits for it
  int64_t arrival = 0;      // requests that came later give way to it
  int32_t longest = 0;      // tokens that its sequence can come to at most
};

/// True: the sequence's block table now covers what it is to compute. False: it has to wait,
/// nothing has changed. RESOURCE_EXHAUSTED: nobody can give way for it. No step may be running; the
/// mutex is held.
absl::StatusOr<bool> AdmitBlocks(EngineState& state, SequenceState& sequence,
                                 const BlockClaim& claim);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_MEMORY_H_
