#include "models/rope.h"

#include <algorithm>
#include <cmath>

namespace erato {
namespace {

/// The (fractional) pair that turns `turns` times over the original context.
double PairOfTurns(const RopeSpec& spec, double turns) {
  return spec.pairs * std::log(spec.original_context / (turns * 2 * M_PI)) / std::log(spec.base);
}

/// How far pair p is slowed down: 0 = not, 1 = by the whole factor. Slow pairs have long waves,
/// which training never saw whole.
double YarnShare(const RopeSpec& spec, int32_t p) {
  double first = PairOfTurns(spec, spec.beta_fast), last = PairOfTurns(spec, spec.beta_slow);
  if (spec.truncate) {
    first = std::floor(first);
    last = std::ceil(last);
  }
  first = std::max(first, 0.0);
  last = std::min(last, 2.0 * spec.pairs - 1);
  if (first == last) last += 0.001;
  return std::clamp((p - first) / (last - first), 0.0, 1.0);
}

double Llama3Share(const RopeSpec& spec, double frequency) {
  const double turns = spec.original_context * frequency / (2 * M_PI);
  return 1 - std::clamp((turns - spec.low_freq) / (spec.high_freq - spec.low_freq), 0.0, 1.0);
}

}  // namespace

Rope MakeRope(const RopeSpec& spec) {
  Rope rope;
  rope.pairing = spec.pairing;
  rope.magnitude = static_cast<float>(spec.magnitude);
  for (int32_t p = 0; p < spec.pairs; ++p) {
    const double plain = std::pow(spec.base, -static_cast<double>(p) / spec.pairs);
    double share = 0;
    if (spec.scaling == RopeSpec::Scaling::kLinear) share = 1;
    if (spec.scaling == RopeSpec::Scaling::kLlama3) share = Llama3Share(spec, plain);
    if (spec.scaling == RopeSpec::Scaling::kYarn) share = YarnShare(spec, p);
    double frequency = plain * (1 - share) + plain / spec.factor * share;
    if (!spec.divisors.empty()) frequency /= spec.divisors[p];
    rope.inverse_frequency.push_back(static_cast<float>(frequency));
  }
  return rope;
}

}  // namespace erato
