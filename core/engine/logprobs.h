// How likely the model found a token, and what it found likeliest in its place: natural logarithms
// of the softmax of its own logits, before bias, penalties, temperature and cuts.
#ifndef ERATO_CORE_ENGINE_LOGPROBS_H_
#define ERATO_CORE_ENGINE_LOGPROBS_H_

#include <array>
#include <cstdint>

#include "absl/types/span.h"
#include "core/engine/sampler.h"

namespace erato {

constexpr int32_t kMostLogprobs = 20;  // likeliest tokens that can be asked for

struct TokenLogprobs {
  bool known = false;
  double chosen = 0;
  int32_t count = 0;  // of the likeliest, likeliest first
  std::array<int32_t, kMostLogprobs> ids{};
  std::array<double, kMostLogprobs> values{};
};

/// All but `chosen`, of finite logits; `*log_sum` becomes ln sum e^l: the chosen one's is its
/// logit less that.
TokenLogprobs FindLogprobs(absl::Span<const float> logits, int32_t likeliest,
                           SamplerScratch& scratch, double* log_sum);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_LOGPROBS_H_
