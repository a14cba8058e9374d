// From logits to one token: penalties, then temperature, then cuts (top-k, top-p, min-p), then a draw.
#ifndef ERATO_CORE_ENGINE_SAMPLER_H_
#define ERATO_CORE_ENGINE_SAMPLER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

struct SamplerOptions {
  float temperature = 0;         // 0 = greedy: the largest logit, lowest id among equals
  int32_t top_k = 0;             // 0 = off
  float top_p = 1;               // 1 = off
  float min_p = 0;               // 0 = off
  float repetition_penalty = 1;  // 1 = off (Keskar et al. 2019, CTRL)
  float presence_penalty = 0, frequency_penalty = 0;  // as OpenAI's API defines them
  int32_t penalty_window = 64;   // last tokens that penalties look at; 0 = all
  uint64_t seed = 0;
};

/// One request's sampler: same seed, logits and history, same token, on every machine.
class Sampler {
 public:
  /// INVALID_ARGUMENT naming the option, its value and its bounds.
  static absl::StatusOr<Sampler> Create(const SamplerOptions& options);
  /// `logits` is scratch: its contents are gone afterwards. `history`: all tokens before. DATA_LOSS where a logit is not
  /// finite, with its index.
  absl::StatusOr<int32_t> Sample(absl::Span<float> logits, absl::Span<const int32_t> history);

 private:
  explicit Sampler(const SamplerOptions& options);
  SamplerOptions options_;
  uint64_t draws_ = 0;
  std::vector<int32_t> order_;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_SAMPLER_H_
