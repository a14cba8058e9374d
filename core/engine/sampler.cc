#include "core/engine/sampler.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace erato {
namespace {

/// e^x for x <= 0, within 2 units in the last place: x = n·ln2 + r, e^r by its Taylor series. Zero
/// below -50: e^-50 is 2e-22, and the sum of 2^18 such weights cannot be seen beside the likeliest
/// token's 1.
double Exp(double x) {
  if (!(x > -50)) return 0;
  constexpr double kRound = 6755399441055744.0;  // 1.5 · 2^52: adding it rounds to a whole number
  double n = (x * 1.4426950408889634 + kRound) - kRound;
  double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double sum = 1.0 / 6227020800;  // 1/13!
  constexpr double kInverseFactorial[] = {1.0 / 479001600,
                                          1.0 / 39916800,
                                          1.0 / 3628800,
                                          1.0 / 362880,
                                          1.0 / 40320,
                                          1.0 / 5040,
                                          1.0 / 720,
                                          1.0 / 120,
                                          1.0 / 24,
                                          1.0 / 6,
                                          1.0 / 2,
                                          1.0,
                                          1.0};
  for (double c : kInverseFactorial) sum = sum * r + c;
  return sum * std::bit_cast<double>((static_cast<int64_t>(n) + 1023) << 52);  // · 2^n
}

/// The mixing function of SplitMix64 (Steele, Lea, Flood 2014).
uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Uniform in [0, 1), a function of seed and draw number.
double Uniform(uint64_t seed, uint64_t draw) {
  constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;
  return static_cast<double>(Mix(Mix(seed + kGolden) + (draw + 1) * kGolden) >> 11) * 0x1p-53;
}

/// Floats ordered as integers, which a compiler can take the maximum of many at a time.
float Largest(absl::Span<const float> logits) {
  int32_t most = std::numeric_limits<int32_t>::min();
  for (float logit : logits) {
    int32_t bits = std::bit_cast<int32_t>(logit);
    most = std::max(most, bits ^ ((bits >> 31) & 0x7fffffff));
  }
  return std::bit_cast<float>(most ^ ((most >> 31) & 0x7fffffff));
}

/// Likelier first, lower id among equals: one order, whatever a library's sort does.
struct Likelier {
  const float* logits;
  bool operator()(int32_t a, int32_t b) const {
    return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
  }
};

absl::Status Bounds(const char* option, double got, double low, double high) {
  if (got >= low && got <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("[sampler] ", option, ", got ", got, ", expected ", low, " to ", high));
}

}  // namespace

absl::StatusOr<Sampler> Sampler::Create(const SamplerOptions& options) {
  constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
  for (const absl::Status& status :
       {Bounds("temperature", options.temperature, 0, 100),
        Bounds("top_k", options.top_k, 0, kMost), Bounds("top_p", options.top_p, 1e-6, 1),
        Bounds("min_p", options.min_p, 0, 1),
        Bounds("repetition_penalty", options.repetition_penalty, 0.01, 100),
        Bounds("presence_penalty", options.presence_penalty, -2, 2),
        Bounds("frequency_penalty", options.frequency_penalty, -2, 2),
        Bounds("penalty_window", options.penalty_window, 0, kMost)}) {
    if (!status.ok()) return status;
  }
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
                                        int64_t draw) {
  if (absl::Status finite = CheckFinite(logits); !finite.ok()) return finite;
  Penalise(logits, history);
  float top = Largest(logits);
  if (options_.temperature == 0) {
    return static_cast<int32_t>(std::find(logits.begin(), logits.end(), top) - logits.begin());
  }
  ids_.resize(logits.size());
  std::iota(ids_.begin(), ids_.end(), 0);
  CutTopK(logits);
  CutTopP(logits, top);
  CutMinP(logits, top);
  return Draw(logits, top, Uniform(options_.seed, draw));
}

void Sampler::Penalise(absl::Span<float> logits, absl::Span<const int32_t> history) {
  if (options_.repetition_penalty == 1 && options_.presence_penalty == 0 &&
      options_.frequency_penalty == 0) {
    return;
  }
  size_t window = options_.penalty_window > 0 ? options_.penalty_window : history.size();
  window = std::min(window, history.size());
  recent_.assign(history.end() - window, history.end());
  std::sort(recent_.begin(), recent_.end());
  for (size_t i = 0, next; i < recent_.size(); i = next) {
    for (next = i; next < recent_.size() && recent_[next] == recent_[i];) ++next;
    double logit = logits[recent_[i]], repetition = options_.repetition_penalty;
    logit = logit > 0 ? logit / repetition : logit * repetition;
    logit -= options_.presence_penalty;
    logit -= static_cast<double>(next - i) * options_.frequency_penalty;
    constexpr double kMost = std::numeric_limits<float>::max();
    logits[recent_[i]] = static_cast<float>(std::clamp(logit, -kMost, kMost));
  }
}

void Sampler::CutTopK(absl::Span<const float> logits) {
  size_t k = options_.top_k;
  if (k == 0 || k >= ids_.size()) return;
  std::nth_element(ids_.begin(), ids_.begin() + k, ids_.end(), Likelier{logits.data()});
  ids_.resize(k);
  std::sort(ids_.begin(), ids_.end(), Likelier{logits.data()});
}

void Sampler::CutTopP(absl::Span<const float> logits, float top) {
  if (options_.top_p >= 1) return;
  double all = 0, sum = 0;
  for (int32_t id : ids_) all += Weight(logits[id], top);
  // Ordered as far as needed only, twice as far each time: mostly a few dozen of a hundred
  // thousand.
  size_t kept = 0, ordered = 0;
  for (size_t more = 64; kept == ordered && kept < ids_.size(); more *= 2) {
    auto begin = ids_.begin() + ordered;
    ordered = std::min(ids_.size(), ordered + more);
    auto end = ids_.begin() + ordered;
    std::nth_element(begin, end, ids_.end(), Likelier{logits.data()});
    std::sort(begin, end, Likelier{logits.data()});
    while (kept < ordered) {
      sum += Weight(logits[ids_[kept++]], top);
      if (sum >= options_.top_p * all) return ids_.resize(kept);
    }
  }
}

void Sampler::CutMinP(absl::Span<const float> logits, float top) {
  if (options_.min_p == 0) return;
  auto unlikely = [&](int32_t id) { return Weight(logits[id], top) < options_.min_p; };
  ids_.erase(std::remove_if(ids_.begin(), ids_.end(), unlikely), ids_.end());
}

/// Probability relative to the likeliest token's.
double Sampler::Weight(float logit, float top) const {
  return Exp((static_cast<double>(logit) - top) / options_.temperature);
}

int32_t Sampler::Draw(absl::Span<const float> logits, float top, double u) {
  weights_.resize(ids_.size());
  double sum = 0;
  for (size_t i = 0; i < ids_.size(); ++i) sum += weights_[i] = Weight(logits[ids_[i]], top);
  double target = u * sum;
  size_t chosen = 0;
  double passed = 0;
  for (size_t i = 0; i < ids_.size(); ++i) {
    if (weights_[i] == 0) continue;
    chosen = i;  // where rounding lets the sum end short, the last one
    passed += weights_[i];
    if (passed > target) break;
  }
  return ids_[chosen];
}

}  // namespace erato
