#include "core/engine/candidates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "core/engine/exact.h"

namespace erato {
namespace {

constexpr float kForbidden = -std::numeric_limits<float>::infinity();
constexpr size_t kBlock = 256;  // tokens whose weights are added up together
constexpr size_t kLanes = 8;    // sums side by side, so that no addition waits for the one before

/// In a fixed order: lanes, then the lanes in pairs.
double SumOf(const double* values, size_t count) {
  std::array<double, kLanes> lanes{};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane];
  }
  for (size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += values[i];
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; ++lane) lanes[lane] += lanes[lane + width];
  }
  return lanes[0];
}

/// [0, n) of `choices` becomes its n first by `before`, in order.
template <class Before>
void Select(std::vector<Choice>& choices, size_t begin, size_t end, Before before) {
  auto at = [&](size_t i) { return choices.begin() + static_cast<ptrdiff_t>(i); };
  if (end < choices.size()) std::nth_element(at(begin), at(end), choices.end(), before);
  std::sort(at(begin), at(end), before);
}

/// Keeps the fewest first by `before` whose weights reach `enough`. They are ordered as far as that
/// needs, twice as far each time: mostly some dozens of a hundred thousand.
template <class Before, class Weigh>
void CutWhereReached(std::vector<Choice>& choices, size_t ordered, double enough, Before before,
                     Weigh weigh) {
  double sum = 0;
  size_t kept = 0;
  for (size_t more = 64; kept < choices.size(); more *= 2) {
    if (kept == ordered) {
      size_t end = std::min(choices.size(), ordered + more);
      Select(choices, ordered, end, before);
      ordered = end;
    }
    while (kept < ordered) {
      sum += weigh(choices[kept++].logit);
      if (sum >= enough) return choices.resize(kept);
    }
  }
}

}  // namespace

/// Floats ordered as integers, which a compiler can take the maximum of many at a time.
float Largest(absl::Span<const float> logits) {
  int32_t most = std::numeric_limits<int32_t>::min();
  if (logits.empty()) return kForbidden;
  for (float logit : logits) {
    int32_t bits = std::bit_cast<int32_t>(logit);
    most = std::max(most, bits ^ ((bits >> 31) & 0x7fffffff));
  }
  return std::bit_cast<float>(most ^ ((most >> 31) & 0x7fffffff));
}

Candidates::Candidates(absl::Span<const float> logits, SamplerScratch& scratch)
    : logits_(logits), scratch_(scratch), top_(Largest(logits)) {}

void Candidates::Reload() {
  top_ = kForbidden;
  ordered_ = false;
  if (whole_) {
    top_ = Largest(logits_);
    return;
  }
  for (Choice& choice : scratch_.choices) {
    choice.logit = logits_[choice.id];
    top_ = std::max(top_, choice.logit);
  }
}

double Candidates::Weight(float logit) const {
  return Exp((static_cast<double>(logit) - top_) / scale_);
}

/// visit(weights, shares, count) for every block of candidates, in their order; shares: (l -
/// top)/T.
template <class Visit>
void Candidates::ForBlocks(Visit visit) const {
  std::array<float, kBlock> copied;
  std::array<double, kBlock> weights, shares;
  for (size_t begin = 0; begin < size(); begin += kBlock) {
    const size_t count = std::min(kBlock, size() - begin);
    const float* logits = logits_.data() + begin;
    if (!whole_) {
      for (size_t i = 0; i < count; ++i) copied[i] = scratch_.choices[begin + i].logit;
      logits = copied.data();
    }
    const double top = top_, scale = scale_;
    for (size_t i = 0; i < count; ++i) {
      // A forbidden token: a weight of 1e-304, a share that is a number.
      const double share = (static_cast<double>(logits[i]) - top) / scale;
      shares[i] = share > -700 ? share : -700;
    }
    for (size_t i = 0; i < count; ++i) weights[i] = Exp(shares[i]);
    visit(weights.data(), shares.data(), count);
  }
}

double Candidates::Sum() const {
  double sum = 0;
  ForBlocks(
      [&](const double* weights, const double*, size_t count) { sum += SumOf(weights, count); });
  return sum;
}

/// H = ln sum - (sum of w·ln w) / sum, w the weights over the likeliest's.
Candidates::Spread Candidates::FindSpread() const {
  double sum = 0, weighted = 0;
  ForBlocks([&](double* weights, const double* shares, size_t count) {
    sum += SumOf(weights, count);
    for (size_t i = 0; i < count; ++i) weights[i] *= shares[i];
    weighted += SumOf(weights, count);
  });
  return {sum, std::max(0.0, Log(sum) - weighted / sum)};
}

void Candidates::Gather(float least) {
  least = std::max(least, -std::numeric_limits<float>::max());  // never a forbidden one
  std::vector<Choice>& choices = scratch_.choices;
  if (!whole_) {
    auto below = [least](const Choice& choice) { return !(choice.logit >= least); };
    choices.erase(std::remove_if(choices.begin(), choices.end(), below), choices.end());
    return;
  }
  whole_ = false;
  choices.clear();
  for (size_t begin = 0; begin < logits_.size(); begin += kBlock) {
    absl::Span<const float> block = logits_.subspan(begin, kBlock);
    if (Largest(block) < least) continue;
    size_t kept = choices.size();
    choices.resize(kept + block.size());
    for (size_t i = 0; i < block.size(); ++i) {
      choices[kept] = {block[i], static_cast<int32_t>(begin + i)};
      kept += block[i] >= least ? 1 : 0;
    }
    choices.resize(kept);
  }
}

size_t Candidates::Count() const {
  if (!whole_) return size();
  return logits_.size() -
         static_cast<size_t>(std::count(logits_.begin(), logits_.end(), kForbidden));
}

float Candidates::LogitOf(double weight) const {
  if (weight <= 0) return kForbidden;
  double lowest = top_ + scale_ * (Log(weight) - 1e-6);
  lowest -= std::abs(lowest) * 1e-6;  // more than a float may be rounded by
  return static_cast<float>(std::max(lowest, -double{std::numeric_limits<float>::max()}));
}

double Candidates::LogSum() const { return Log(Sum()) + top_ / scale_; }

void Candidates::Order() {
  Gather(kForbidden);
  if (!ordered_) std::sort(scratch_.choices.begin(), scratch_.choices.end(), Likelier);
  ordered_ = true;
  top_ = scratch_.choices.front().logit;
}

void Candidates::Temperature(double t, double range, double exponent) {
  if (range > 0) {
    const double low = std::max(t - range, 1e-3), high = t + range;
    const double count = static_cast<double>(Count());
    const double most = count > 1 ? Log(count) : 1;
    t = low + (high - low) * Power(std::min(1.0, FindSpread().entropy / most), exponent);
  }
  scale_ *= t;
}

void Candidates::TopK(int32_t k) {
  const size_t most = static_cast<size_t>(k);
  if (k <= 0 || most >= size()) return;
  std::vector<Choice>& choices = scratch_.choices;
  if (!whole_) {
    if (!ordered_) Select(choices, 0, most, Likelier);
    choices.resize(most);
    ordered_ = true;
    return;
  }
  // Gathers what may be among the k so far; when that is too much, the k-th sets the bar. A later
  // token that equals it has a higher id and so stays out.
  whole_ = false;
  choices.clear();
  float bar = kForbidden;
  const size_t full = most <= logits_.size() / 8 ? 4 * most + 1024 : logits_.size() + 1;
  for (size_t begin = 0; begin < logits_.size(); begin += kBlock) {
    absl::Span<const float> block = logits_.subspan(begin, kBlock);
    if (!(Largest(block) > bar)) continue;
    for (size_t i = 0; i < block.size(); ++i) {
      if (block[i] > bar) choices.push_back({block[i], static_cast<int32_t>(begin + i)});
    }
    if (choices.size() < full) continue;
    const auto last = choices.begin() + static_cast<ptrdiff_t>(most - 1);
    std::nth_element(choices.begin(), last, choices.end(), Likelier);
    bar = last->logit;
    choices.resize(most);
  }
  const size_t kept = std::min(most, choices.size());
  Select(choices, 0, kept, Likelier);
  choices.resize(kept);
  ordered_ = true;
}

void Candidates::TopNSigma(double n) {
  if (n <= 0) return;
  Gather(kForbidden);
  double sum = 0, squares = 0;
  const double count = static_cast<double>(size());
  // Relative to the top: two passes are not needed to stay exact. Before the weights: no Exp.
  for (const Choice& choice : scratch_.choices) {
    const double below = static_cast<double>(choice.logit) - top_;
    sum += below;
    squares += below * below;
  }
  const double mean = sum / count;
  const double sigma = std::sqrt(std::max(0.0, squares / count - mean * mean));
  const double least = top_ - n * sigma;
  auto below = [least](const Choice& choice) { return choice.logit < least; };
  std::vector<Choice>& choices = scratch_.choices;
  choices.erase(std::remove_if(choices.begin(), choices.end(), below), choices.end());
}

void Candidates::Typical(double mass) {
  if (mass >= 1) return;
  Gather(kForbidden);
  const auto [sum, entropy] = FindSpread();
  // -ln p is linear in the logit: far from typical is far from one point on that line.
  const double centre = top_ + scale_ * (Log(sum) - entropy);
  auto nearer = [centre](const Choice& a, const Choice& b) {
    const double far_a = std::abs(a.logit - centre), far_b = std::abs(b.logit - centre);
    return far_a != far_b ? far_a < far_b : Likelier(a, b);
  };
  CutWhereReached(scratch_.choices, 0, mass * sum, nearer,
                  [this](float logit) { return Weight(logit); });
  ordered_ = false;
  Order();
}

void Candidates::TopP(double mass) {
  if (mass >= 1) return;
  const double sum = Sum();
  // All weights below this come to less than what may be left out.
  Gather(LogitOf((1 - mass) * sum / static_cast<double>(size())));
  CutWhereReached(scratch_.choices, ordered_ ? size() : 0, mass * sum, Likelier,
                  [this](float logit) { return Weight(logit); });
  ordered_ = true;
}

void Candidates::MinP(double share) {
  if (share <= 0) return;
  Gather(LogitOf(share));
  auto unlikely = [&](const Choice& choice) { return Weight(choice.logit) < share; };
  std::vector<Choice>& choices = scratch_.choices;
  choices.erase(std::remove_if(choices.begin(), choices.end(), unlikely), choices.end());
}

void Candidates::Xtc(double threshold) {
  const double least = threshold * Sum();
  const float bar = LogitOf(least);
  Gather(kForbidden);
  std::vector<Choice>& choices = scratch_.choices;
  const Choice* last = nullptr;  // the least likely of the likely
  size_t likely = 0;
  for (const Choice& choice : choices) {
    if (choice.logit < bar || Weight(choice.logit) < least) continue;
    ++likely;
    if (last == nullptr || Likelier(*last, choice)) last = &choice;
  }
  if (likely < 2) return;
  const Choice bound = *last;
  auto above = [bound](const Choice& choice) { return Likelier(choice, bound); };
  choices.erase(std::remove_if(choices.begin(), choices.end(), above), choices.end());
  top_ = bound.logit;
}

void Candidates::Mirostat(double mu) {
  // The likeliest has weight 1: it is never below a share of 1.
  MinP(std::min(1.0, Sum() * Exp(std::min(0.0, -mu * kLn2))));
}

Candidates::Drawn Candidates::Draw(double u) {
  std::vector<double>& sums = scratch_.sums;
  sums.clear();
  ForBlocks([&](const double* weights, const double*, size_t count) {
    sums.push_back(SumOf(weights, count));
  });
  double sum = 0;
  for (double block : sums) sum += block;
  double passed = 0;
  size_t block = 0;
  while (block + 1 < sums.size() && passed + sums[block] <= u * sum) passed += sums[block++];
  Drawn drawn{-1, 0};
  const size_t end = std::min(size(), (block + 1) * kBlock);
  for (size_t i = block * kBlock; i < end; ++i) {
    const Choice choice =
        whole_ ? Choice{logits_[i], static_cast<int32_t>(i)} : scratch_.choices[i];
    if (choice.logit == kForbidden) continue;
    const double weight = Weight(choice.logit);
    passed += weight;
    drawn = {choice.id, weight / sum};  // the last one where rounding leaves u beyond the block
    if (passed > u * sum) return drawn;
  }
  if (drawn.id >= 0) return drawn;
  Order();  // a block of forbidden tokens alone
  return {scratch_.choices.back().id, Weight(scratch_.choices.back().logit) / sum};
}

}  // namespace erato
