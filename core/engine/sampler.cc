#include "core/engine/sampler.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/engine/candidates.h"
#include "core/engine/exact.h"
#include "core/engine/penalties.h"

namespace erato {
namespace {

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
enum Purpose : uint64_t { kForToken = 0, kForXtc = 1 };

constexpr SamplerStep kDefaultOrder[] = {
    SamplerStep::kPenalties, SamplerStep::kDry,       SamplerStep::kTemperature,
    SamplerStep::kTopK,      SamplerStep::kTopNSigma, SamplerStep::kTypical,
    SamplerStep::kTopP,      SamplerStep::kMinP,      SamplerStep::kXtc};

absl::Status Bounds(const char* option, double got, double low, double high) {
  if (got >= low && got <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("[sampler] ", option, ", got ", got, ", expected ", low, " to ", high));
}

absl::Status CheckBounds(const SamplerOptions& o) {
  for (const absl::Status& status : {Bounds("temperature", o.temperature, 0, 100),
                                     Bounds("dynamic_range", o.dynamic_range, 0, 100),
                                     Bounds("dynamic_exponent", o.dynamic_exponent, 0.01f, 100),
                                     Bounds("top_k", o.top_k, 0, kMost),
                                     Bounds("top_p", o.top_p, 1e-6, 1),
                                     Bounds("min_p", o.min_p, 0, 1),
                                     Bounds("typical_p", o.typical_p, 1e-6, 1),
                                     Bounds("top_n_sigma", o.top_n_sigma, 0, 100),
                                     Bounds("xtc_probability", o.xtc_probability, 0, 1),
                                     Bounds("xtc_threshold", o.xtc_threshold, 0, 1),
                                     Bounds("mirostat_tau", o.mirostat_tau, 0, 100),
                                     Bounds("mirostat_eta", o.mirostat_eta, 0, 1),
                                     Bounds("repetition_penalty", o.repetition_penalty, 0.01f, 100),
                                     Bounds("presence_penalty", o.presence_penalty, -2, 2),
                                     Bounds("frequency_penalty", o.frequency_penalty, -2, 2),
                                     Bounds("penalty_window", o.penalty_window, 0, kMost),
                                     Bounds("dry_multiplier", o.dry_multiplier, 0, 100),
                                     Bounds("dry_base", o.dry_base, 1, 100),
                                     Bounds("dry_allowed_length", o.dry_allowed_length, 1, kMost),
                                     Bounds("dry_window", o.dry_window, 0, kMost)}) {
    if (!status.ok()) return status;
  }
  for (const LogitBias& bias : o.bias) {
    if (absl::Status status = Bounds("bias", bias.bias, -100, 100); !status.ok()) return status;
    if (absl::Status status = Bounds("biased id", bias.id, 0, kMost); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

/// One draw: the steps over one row of logits.
class Sampler::Chain {
 public:
  Chain(const SamplerOptions& options, absl::Span<float> logits, absl::Span<const int32_t> history,
        int64_t draw, SamplerScratch& scratch)
      : options_(options),
        logits_(logits),
        history_(history),
        draw_(static_cast<uint64_t>(draw)),
        scratch_(scratch),
        candidates_(logits, scratch) {}

  absl::StatusOr<int32_t> Run(double& mu) {
    if (candidates_.empty()) {
      return absl::FailedPreconditionError("[sampler] tokens, got all forbidden, expected one");
    }
    AddBias();
    if (options_.order.empty()) {
      for (SamplerStep step : kDefaultOrder) Do(step);
    } else {
      for (SamplerStep step : options_.order) Do(step);
    }
    if (greedy()) {
      const float top = Largest(logits_);
      return static_cast<int32_t>(std::find(logits_.begin(), logits_.end(), top) - logits_.begin());
    }
    const bool mirostat = options_.mirostat_tau > 0;
    if (mirostat) candidates_.Mirostat(mu);
    const auto drawn = candidates_.Draw(Uniform(options_.seed, draw_, kForToken));
    if (mirostat) {
      const double surprise = -Log(std::max(drawn.probability, 1e-300)) / kLn2;
      mu -= options_.mirostat_eta * (surprise - options_.mirostat_tau);
    }
    return drawn.id;
  }

 private:
  bool greedy() const { return options_.temperature == 0; }

  void AddBias() {
    constexpr float kEnd = std::numeric_limits<float>::max();
    for (const LogitBias& bias : options_.bias) {
      if (static_cast<size_t>(bias.id) >= logits_.size()) continue;
      float& logit = logits_[static_cast<size_t>(bias.id)];
      if (logit >= -kEnd) logit = std::clamp(logit + bias.bias, -kEnd, kEnd);
    }
    if (!options_.bias.empty()) candidates_.Reload();
  }

  void Do(SamplerStep step) {
    if (step == SamplerStep::kPenalties || step == SamplerStep::kDry) {
      auto* penalise = step == SamplerStep::kDry ? PenaliseRepetition : Penalise;
      penalise(options_, candidates_.scale(), logits_, history_, scratch_);
      candidates_.Reload();
    } else if (greedy()) {
      return;  // what cuts leave has the likeliest in it
    } else if (step == SamplerStep::kTemperature) {
      candidates_.Temperature(options_.temperature, options_.dynamic_range,
                              options_.dynamic_exponent);
    } else if (options_.mirostat_tau == 0) {
      Cut(step);
    }
  }

  void Cut(SamplerStep step) {
    switch (step) {
      case SamplerStep::kTopK:
        return candidates_.TopK(options_.top_k);
      case SamplerStep::kTopNSigma:
        return candidates_.TopNSigma(options_.top_n_sigma);
      case SamplerStep::kTypical:
        return candidates_.Typical(options_.typical_p);
      case SamplerStep::kTopP:
        return candidates_.TopP(options_.top_p);
      case SamplerStep::kMinP:
        return candidates_.MinP(options_.min_p);
      case SamplerStep::kXtc:
        if (Uniform(options_.seed, draw_, kForXtc) < options_.xtc_probability) {
          candidates_.Xtc(options_.xtc_threshold);
        }
        return;
      default:
        return;
    }
  }

  const SamplerOptions& options_;
  absl::Span<float> logits_;
  absl::Span<const int32_t> history_;
  const uint64_t draw_;
  SamplerScratch& scratch_;
  Candidates candidates_;
};

Sampler::Sampler(const SamplerOptions& options) : options_(options) {}

absl::StatusOr<Sampler> Sampler::Create(const SamplerOptions& options) {
  if (absl::Status bad = CheckBounds(options); !bad.ok()) return bad;
  return Sampler(options);
}

absl::Status CheckFinite(absl::Span<const float> logits) {
  constexpr uint32_t kExponent = 0x7f800000;
  uint32_t bad = 0;
  for (float logit : logits) bad |= (std::bit_cast<uint32_t>(logit) & kExponent) == kExponent;
  if (!bad) return absl::OkStatus();
  size_t i = 0;
  while ((std::bit_cast<uint32_t>(logits[i]) & kExponent) != kExponent) ++i;
  return absl::DataLossError(
      absl::StrCat("[logits] value ", i, ", got ", logits[i], ", expected a finite number"));
}

absl::StatusOr<int32_t> Sampler::Sample(absl::Span<float> logits, absl::Span<const int32_t> history,
                                        int64_t draw, SamplerScratch& scratch,
                                        SamplerState* state) const {
  if (absl::Status finite = CheckFinite(logits); !finite.ok()) return finite;
  return Draw(logits, history, draw, scratch, state);
}

absl::StatusOr<int32_t> Sampler::Draw(absl::Span<float> logits, absl::Span<const int32_t> history,
                                      int64_t draw, SamplerScratch& scratch,
                                      SamplerState* state) const {
  SamplerState begin = Begin();
  SamplerState& carried = state == nullptr ? begin : *state;
  return Chain(options_, logits, history, draw, scratch).Run(carried.mirostat_mu);
}

}  // namespace erato
