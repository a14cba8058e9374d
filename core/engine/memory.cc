#include "core/engine/memory.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace erato {
namespace {

/// Blocks that `sequence` lacks to hold so many tokens.
int32_t Lacking(const SequenceState& sequence, int64_t tokens) {
  return std::max(0, BlocksFor(tokens) - static_cast<int32_t>(sequence.blocks.size()));
}

/// The group that a sequence gives way in, 0 = not for this claim.
int GivesWay(const SequenceState& holder, const BlockClaim& claim) {
  if (holder.request == nullptr) return 1;
  if (!claim.waited_for) return 0;
  const RequestState& request = *holder.request;
  if (!request.waited_for() && claim.now - request.left >= kAbsence) return 2;
  return request.arrival > claim.arrival ? 3 : 0;
}

struct Holders {
  std::vector<SequenceState*> giving;  // in the order in which they give way
  int32_t blocks = 0;                  // theirs together
  bool others = false;                 // somebody else holds blocks
};

Holders FindHolders(const EngineState& state, const SequenceState& self, const BlockClaim& claim) {
  Holders found;
  for (const auto& holder : state.sequences) {
    if (holder.get() == &self || holder->blocks.empty()) continue;
    if (GivesWay(*holder, claim) == 0) {
      found.others = true;
      continue;
    }
    found.giving.push_back(holder.get());
    found.blocks += static_cast<int32_t>(holder->blocks.size());
  }
  std::stable_sort(found.giving.begin(), found.giving.end(),
                   [&](const SequenceState* a, const SequenceState* b) {
                     int group_a = GivesWay(*a, claim), group_b = GivesWay(*b, claim);
                     if (group_a != group_b) return group_a < group_b;
                     if (group_a == 3) return a->request->arrival > b->request->arrival;
                     return a->used_step < b->used_step;
                   });
  return found;
}

/// What the claim could get at most, as an error.
absl::Status TooLarge(const EngineState& state, const SequenceState& sequence, int32_t got,
                      int32_t lacking) {
  return absl::ResourceExhaustedError(
      absl::StrCat("[kv cache] blocks for ", sequence.tokens.size(), " tokens, got ",
                   got + static_cast<int32_t>(sequence.blocks.size()), " of ", state.blocks.limit(),
                   " allowed, expected ", lacking + static_cast<int32_t>(sequence.blocks.size())));
}

}  // namespace

absl::StatusOr<bool> AdmitBlocks(EngineState& state, SequenceState& sequence,
                                 const BlockClaim& claim) {
  BlockAllocator& blocks = state.blocks;
  int64_t tokens = sequence.tokens.size();
  int32_t least = Lacking(sequence, tokens);
  bool more = sequence.need() > 1 && tokens < claim.longest;  // the token after a prompt: a wish
  int32_t lacking = Lacking(sequence, tokens + (more ? 1 : 0));
  while (lacking > 0) {
    if (blocks.available() < lacking) {
      Holders holders = FindHolders(state, sequence, claim);
      int32_t got = blocks.available() + holders.blocks;
      if (got < lacking && lacking > least) {
        lacking = least;
        continue;
      }
      if (got < lacking) {
        if (holders.others || !claim.waited_for) return false;
        return TooLarge(state, sequence, got, lacking);
      }
      for (SequenceState* holder : holders.giving) {
        if (blocks.available() >= lacking) break;
        ForgetCache(state, *holder, 0);
      }
    }
    // Fails at most once: then the pool does not grow, and what is available is known to be there.
    if (blocks.Take(lacking, sequence.blocks).ok()) return true;
  }
  return true;
}

}  // namespace erato
