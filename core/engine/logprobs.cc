#include "core/engine/logprobs.h"

#include <algorithm>

#include "core/engine/candidates.h"

namespace erato {

TokenLogprobs FindLogprobs(absl::Span<const float> logits, int32_t likeliest,
                           SamplerScratch& scratch, double* log_sum) {
  TokenLogprobs found;
  found.known = true;
  Candidates candidates(logits, scratch);
  *log_sum = candidates.LogSum();
  const int32_t vocabulary = static_cast<int32_t>(logits.size());
  found.count = std::min({likeliest, kMostLogprobs, vocabulary});
  if (found.count == 0) return found;
  candidates.TopK(found.count);
  candidates.Order();
  for (int32_t i = 0; i < found.count; ++i) {
    const Choice& choice = scratch.choices[static_cast<size_t>(i)];
    found.ids[static_cast<size_t>(i)] = choice.id;
    found.values[static_cast<size_t>(i)] = choice.logit - *log_sum;
  }
  return found;
}

}  // namespace erato
