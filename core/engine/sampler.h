// From logits to one token: bias, then a chain of steps in the caller's order (penalties,
// temperature, cuts), then a draw. candidates.h has the cuts' formulas, penalties.h the penalties'.
//
// Same options, logits, history and draw number, same token, on every machine: exact.h has the
// arithmetic, sums are taken in a fixed order, candidates are ordered by logit and then by id.
#ifndef ERATO_CORE_ENGINE_SAMPLER_H_
#define ERATO_CORE_ENGINE_SAMPLER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

/// The steps between bias and draw. One that an order leaves out is not done.
enum class SamplerStep : uint8_t {
  kPenalties,
  kDry,
  kTemperature,
  kTopK,
  kTopNSigma,
  kTypical,
  kTopP,
  kMinP,
  kXtc
};

struct LogitBias {
  int32_t id = 0;
  float bias = 0;  // added to the logit; -100 to 100
};

struct SamplerOptions {
  float temperature = 0;       // 0 = greedy: the largest logit, lowest id among equals; at most 100
  float dynamic_range = 0;     // 0 = off: temperature ± this, by entropy; at most 100
  float dynamic_exponent = 1;  // 0.01 to 100
  int32_t top_k = 0;           // 0 = off
  float top_p = 1;             // 1 = off; above 0: the fewest likeliest that reach this sum
  float min_p = 0;  // 0 = off; at most 1: tokens at least this likely, relative to the likeliest
  float typical_p = 1;        // 1 = off; above 0
  float top_n_sigma = 0;      // 0 = off; at most 100
  float xtc_probability = 0;  // 0 = off; at most 1
  float xtc_threshold = 0.1f;
  float mirostat_tau = 0;  // 0 = off, else it takes the place of all cuts: bits of surprise, to 100
  float mirostat_eta = 0.1f;     // its learning rate, 0 to 1
  float repetition_penalty = 1;  // 1 = off; 0.01 to 100 (Keskar et al. 2019, CTRL)
  float presence_penalty = 0, frequency_penalty = 0;  // -2 to 2, as OpenAI's API defines them
  int32_t penalty_window = 64;     // last tokens that these three look at; 0 = all
  float dry_multiplier = 0;        // 0 = off; at most 100
  float dry_base = 1.75f;          // 1 to 100
  int32_t dry_allowed_length = 2;  // 1 or more: repetitions shorter than this are free
  int32_t dry_window = 0;          // last tokens that DRY looks at; 0 = all
  /// [vocabulary] 1 = a token that no repetition reaches across; null = none does.
  std::shared_ptr<const std::vector<uint8_t>> dry_breakers;
  std::vector<LogitBias> bias;
  std::vector<SamplerStep> order;  // empty = the order of SamplerStep
  uint64_t seed = 0;
};

/// A token that may be drawn.
struct Choice {
  float logit;
  int32_t id;
};

/// What a draw works in. Reused from draw to draw; one a thread, not one a request: it grows to
/// eight bytes a token of the vocabulary and some for each token of the history.
struct SamplerScratch {
  std::vector<Choice> choices;
  std::vector<double> sums;      // of blocks of weights
  std::vector<int32_t> recent;   // tokens that penalties look at
  std::vector<int32_t> lengths;  // of repetitions, by position
  std::vector<Choice> repeats;   // a repetition's length (as `logit`) and the token after it
};

/// What a request carries from token to token. Changed by a draw, kept when its token is.
struct SamplerState {
  double mirostat_mu = 0;  // surprise, in bits, above which tokens are cut
};

/// One request's sampler. Immutable.
class Sampler {
 public:
  /// INVALID_ARGUMENT naming the option, its value and its bounds.
  static absl::StatusOr<Sampler> Create(const SamplerOptions& options);

  SamplerState Begin() const { return {2.0 * options_.mirostat_tau}; }
  /// `logits` is scratch too: its contents are gone afterwards. `history`: all tokens before.
  /// `draw`: how many tokens were drawn with this seed before. `state`: null = as at the begin.
  /// DATA_LOSS where a logit is not finite, with its index.
  absl::StatusOr<int32_t> Sample(absl::Span<float> logits, absl::Span<const int32_t> history,
                                 int64_t draw, SamplerScratch& scratch,
                                 SamplerState* state = nullptr) const;
  /// The same where logits are known to be numbers and -infinity forbids a token.
  /// FAILED_PRECONDITION where all are forbidden.
  absl::StatusOr<int32_t> Draw(absl::Span<float> logits, absl::Span<const int32_t> history,
                               int64_t draw, SamplerScratch& scratch, SamplerState* state) const;

 private:
  explicit Sampler(const SamplerOptions& options);
  class Chain;

  SamplerOptions options_;
};

/// DATA_LOSS naming the first logit that is not finite.
absl::Status CheckFinite(absl::Span<const float> logits);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_SAMPLER_H_
