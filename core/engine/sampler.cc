#include "core/engine/sampler.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace erato {
namespace {

/// e^x for x <= 0, within 2 units in the last place: x = n·ln2 + r, e^r by its Taylor series. From
/// -700 on it stays at 1e-304, which is nothing beside the likeliest token's 1. Without branches or
/// conversions, so that a compiler computes several at a time.
inline double Exp(double x) {
  constexpr double kRound = 6755399441055744.0;  // 1.5 · 2^52: adding it rounds to a whole number
  double bounded = x > -700 ? x : -700;
  double rounded = bounded * 1.4426950408889634 + kRound;
  double n = rounded - kRound;
  double r = (bounded - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double sum = 1.0 / 6227020800;  // 1/13!, and so on down
  sum = sum * r + 1.0 / 479001600;
  sum = sum * r + 1.0 / 39916800;
  sum = sum * r + 1.0 / 3628800;
  sum = sum * r + 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 1.0 / 2;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  // The low bits of `rounded` hold n: shifted into the exponent they make 2^n.
  uint64_t power = (std::bit_cast<uint64_t>(rounded) + 1023) << 52;
  return sum * std::bit_cast<double>(power);
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

/// Probability relative to that of the likeliest token, whose logit is `top`.
inline double Weight(float logit, float top, float temperature) {
  return Exp((static_cast<double>(logit) - top) / temperature);
}

/// Keeps the fewest likeliest candidates whose weights reach `enough`. They are ordered as far as
/// that needs, twice as far each time: mostly some dozens of a hundred thousand.
void CutTopP(double enough, Likelier likelier, bool by_logit, SamplerScratch& scratch) {
  std::vector<int32_t>& ids = scratch.ids;
  double sum = 0;
  size_t kept = 0, ordered = by_logit ? ids.size() : 0;
  for (size_t more = 64; kept < ids.size(); more *= 2) {
    if (kept == ordered) {
      auto begin = ids.begin() + ordered;
      ordered = std::min(ids.size(), ordered + more);
      auto end = ids.begin() + ordered;
      std::nth_element(begin, end, ids.end(), likelier);
      std::sort(begin, end, likelier);
    }
    while (kept < ordered) {
      sum += scratch.weights[ids[kept++]];
      if (sum >= enough) return ids.resize(kept);
    }
  }
}

/// The candidate at share `u` of the sum of all.
int32_t Choose(const SamplerScratch& scratch, double u) {
  double sum = 0, passed = 0;
  for (int32_t id : scratch.ids) sum += scratch.weights[id];
  for (int32_t id : scratch.ids) {
    passed += scratch.weights[id];
    if (passed > u * sum) return id;
  }
  return scratch.ids.back();  // u * sum was rounded up to the sum
}

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
                                        int64_t draw, SamplerScratch& scratch) const {
  if (absl::Status finite = CheckFinite(logits); !finite.ok()) return finite;
  Penalise(logits, history, scratch.recent);
  float top = Largest(logits);
  if (options_.temperature == 0) {
    return static_cast<int32_t>(std::find(logits.begin(), logits.end(), top) - logits.begin());
  }
  FindCandidates(logits, top, scratch);
  return Choose(scratch, Uniform(options_.seed, draw));
}

void Sampler::Penalise(absl::Span<float> logits, absl::Span<const int32_t> history,
                       std::vector<int32_t>& recent) const {
  if (options_.repetition_penalty == 1 && options_.presence_penalty == 0 &&
      options_.frequency_penalty == 0) {
    return;
  }
  size_t window = options_.penalty_window > 0 ? options_.penalty_window : history.size();
  window = std::min(window, history.size());
  recent.assign(history.end() - window, history.end());
  std::sort(recent.begin(), recent.end());
  for (size_t i = 0, next; i < recent.size(); i = next) {
    for (next = i; next < recent.size() && recent[next] == recent[i];) ++next;
    double logit = logits[recent[i]], repetition = options_.repetition_penalty;
    logit = logit > 0 ? logit / repetition : logit * repetition;
    logit -= options_.presence_penalty;
    logit -= static_cast<double>(next - i) * options_.frequency_penalty;
    constexpr double kMost = std::numeric_limits<float>::max();
    logits[recent[i]] = static_cast<float>(std::clamp(logit, -kMost, kMost));
  }
}

/// All three cuts keep a beginning of the candidates ordered by falling logit. Top-k is taken
/// first; the sum that top-p is a part of is over what that left.
void Sampler::FindCandidates(absl::Span<const float> logits, float top,
                             SamplerScratch& scratch) const {
  std::vector<int32_t>& ids = scratch.ids;
  std::vector<double>& weights = scratch.weights;
  weights.resize(logits.size());
  ids.resize(logits.size());
  std::iota(ids.begin(), ids.end(), 0);
  bool by_logit = options_.top_k > 0 && static_cast<size_t>(options_.top_k) < ids.size();
  if (by_logit) {
    auto end = ids.begin() + options_.top_k;
    std::partial_sort(ids.begin(), end, ids.end(), Likelier{logits.data()});
    ids.erase(end, ids.end());
    for (int32_t id : ids) weights[id] = Weight(logits[id], top, options_.temperature);
  } else {
    const float* from = logits.data();
    double* to = weights.data();
    float temperature = options_.temperature;
    for (size_t i = 0, n = logits.size(); i < n; ++i) to[i] = Weight(from[i], top, temperature);
  }
  double least = options_.min_p, sum = 0;
  if (options_.top_p < 1) {
    for (int32_t id : ids) sum += weights[id];
    // All weights below this come to less than top-p may leave out.
    least = std::max(least, (1.0 - options_.top_p) * sum / static_cast<double>(ids.size()));
  }
  auto unlikely = [&](int32_t id) { return weights[id] < least; };
  ids.erase(std::remove_if(ids.begin(), ids.end(), unlikely), ids.end());
  if (options_.top_p < 1) CutTopP(options_.top_p * sum, Likelier{logits.data()}, by_logit, scratch);
}

}  // namespace erato
