// From logits to one token: penalties, then temperature, then cuts (top-k, top-p, min-p), then a
// draw.
//
// Same options, logits, history and draw number, same token, on every machine: the arithmetic is
// IEEE double in a fixed order (additions, multiplications, divisions; an exponential of our own,
// because libraries round theirs differently), candidates are ordered by logit and then by id, and
// randomness is a function of (seed, draw number) instead of a state that is carried along.
#ifndef ERATO_CORE_ENGINE_SAMPLER_H_
#define ERATO_CORE_ENGINE_SAMPLER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

struct SamplerOptions {
  float temperature = 0;  // 0 = greedy: the largest logit, lowest id among equals; at most 100
  int32_t top_k = 0;      // 0 = off
  float top_p = 1;        // 1 = off; above 0: the fewest likeliest tokens that reach this sum
  float min_p = 0;  // 0 = off; at most 1: tokens at least this likely, relative to the likeliest
  float repetition_penalty = 1;  // 1 = off; 0.01 to 100 (Keskar et al. 2019, CTRL)
  float presence_penalty = 0, frequency_penalty = 0;  // -2 to 2, as OpenAI's API defines them
  int32_t penalty_window = 64;                        // last tokens that penalties look at; 0 = all
  uint64_t seed = 0;
};

/// What a draw works in. Reused from draw to draw; one a thread, not one a request: it grows to
/// twelve bytes a token of the vocabulary.
struct SamplerScratch {
  std::vector<int32_t> recent;  // tokens that penalties look at, sorted
  std::vector<int32_t> ids;  // candidates: by id, or by falling logit once a cut has ordered them
  std::vector<double> weights;  // [vocabulary] of a candidate: probability over the likeliest one's
};

/// One request's sampler. Immutable.
class Sampler {
 public:
  /// INVALID_ARGUMENT naming the option, its value and its bounds.
  static absl::StatusOr<Sampler> Create(const SamplerOptions& options);
  /// `logits` is scratch too: its contents are gone afterwards. `history`: all tokens before.
  /// `draw`: how many tokens were drawn with this seed before. DATA_LOSS where a logit is not
  /// finite, with its index.
  absl::StatusOr<int32_t> Sample(absl::Span<float> logits, absl::Span<const int32_t> history,
                                 int64_t draw, SamplerScratch& scratch) const;

 private:
  explicit Sampler(const SamplerOptions& options) : options_(options) {}
  void Penalise(absl::Span<float> logits, absl::Span<const int32_t> history,
                std::vector<int32_t>& recent) const;
  void FindCandidates(absl::Span<const float> logits, float top, SamplerScratch& scratch) const;

  SamplerOptions options_;
};

/// DATA_LOSS naming the first logit that is not finite.
absl::Status CheckFinite(absl::Span<const float> logits);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_SAMPLER_H_
