#include "tests/engine/sampler_definition.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"

namespace erato {
namespace {

struct Entry {
  double logit;
  int32_t id;
};
using Entries = std::vector<Entry>;  // likeliest first

void Sort(Entries& entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
  });
}

std::vector<double> Softmax(const Entries& entries) {
  std::vector<double> p;
  double sum = 0;
  for (const Entry& e : entries) p.push_back(std::exp(e.logit - entries[0].logit));
  for (double x : p) sum += x;
  for (double& x : p) x /= sum;
  return p;
}

double Entropy(const Entries& entries) {
  double entropy = 0;
  for (double p : Softmax(entries)) entropy -= p > 0 ? p * std::log(p) : 0;
  return entropy;
}

template <class Keep>
void Filter(Entries& entries, Keep keep) {
  Entries kept;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (keep(i)) kept.push_back(entries[i]);
  }
  entries = kept;
}

History Last(const History& history, int32_t window) {
  size_t count = window == 0 ? history.size() : std::min<size_t>(window, history.size());
  return History(history.end() - static_cast<ptrdiff_t>(count), history.end());
}

void Penalise(const SamplerOptions& o, const History& history, Entries& entries) {
  std::map<int32_t, int> counts;
  for (int32_t id : Last(history, o.penalty_window)) ++counts[id];
  for (Entry& e : entries) {
    if (counts[e.id] == 0) continue;
    e.logit = e.logit > 0 ? e.logit / o.repetition_penalty : e.logit * o.repetition_penalty;
    e.logit -= o.presence_penalty + counts[e.id] * o.frequency_penalty;
  }
  Sort(entries);
}

void Dry(const SamplerOptions& o, const History& history, Entries& entries) {
  if (o.dry_multiplier == 0) return;
  History text = Last(history, o.dry_window);
  auto breaks = [&](int32_t id) { return o.dry_breakers != nullptr && (*o.dry_breakers)[id] != 0; };
  std::map<int32_t, int> longest;
  for (size_t end = 0; end + 1 <= text.size(); ++end) {  // text[end] follows what is compared
    if (end == 0 || breaks(text[end])) continue;
    int length = 0;
    while (static_cast<size_t>(length) < end) {
      int32_t then = text[end - 1 - length], now = text[text.size() - 1 - length];
      if (then != now || breaks(now)) break;
      ++length;
    }
    longest[text[end]] = std::max(longest[text[end]], length);
  }
  for (Entry& e : entries) {
    int n = longest[e.id];
    if (n < o.dry_allowed_length) continue;
    e.logit -= o.dry_multiplier * std::pow(double{o.dry_base}, n - o.dry_allowed_length);
  }
  Sort(entries);
}

void Scale(const SamplerOptions& o, Entries& entries) {
  double t = o.temperature;
  if (o.dynamic_range > 0) {
    double low = std::max<double>(t - double{o.dynamic_range}, 1e-3);
    double high = t + double{o.dynamic_range};
    double share = entries.size() < 2 ? 0 : Entropy(entries) / std::log(entries.size());
    t = low + (high - low) * std::pow(share, double{o.dynamic_exponent});
  }
  for (Entry& e : entries) e.logit /= t;
}

void TopNSigma(double n, Entries& entries) {
  if (n == 0) return;
  double mean = 0, variance = 0;
  for (const Entry& e : entries) mean += e.logit / static_cast<double>(entries.size());
  for (const Entry& e : entries) {
    variance += std::pow(e.logit - mean, 2) / static_cast<double>(entries.size());
  }
  double least = entries[0].logit - n * std::sqrt(variance);
  Filter(entries, [&](size_t i) { return entries[i].logit >= least; });
}

void Typical(double mass, Entries& entries) {
  if (mass >= 1) return;
  std::vector<double> p = Softmax(entries);
  double entropy = Entropy(entries), sum = 0;
  std::vector<size_t> order(entries.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::abs(-std::log(p[a]) - entropy) < std::abs(-std::log(p[b]) - entropy);
  });
  std::vector<bool> kept(entries.size());
  for (size_t i : order) {
    if (sum >= mass) break;
    sum += p[i];
    kept[i] = true;
  }
  Filter(entries, [&](size_t i) { return kept[i]; });
}

void TopP(double mass, Entries& entries) {
  if (mass >= 1) return;
  std::vector<double> p = Softmax(entries);
  double sum = 0;
  size_t kept = 0;
  while (kept < p.size() && sum < mass) sum += p[kept++];
  entries.resize(kept);
}

void MinP(double share, Entries& entries) {
  std::vector<double> p = Softmax(entries);
  Filter(entries, [&](size_t i) { return p[i] >= share * p[0]; });
}

void Xtc(double threshold, Entries& entries) {
  std::vector<double> p = Softmax(entries);
  size_t likely = std::count_if(p.begin(), p.end(), [&](double x) { return x >= threshold; });
  if (likely >= 2) Filter(entries, [&](size_t i) { return i >= likely - 1; });
}

void Mirostat(double mu, Entries& entries) {
  std::vector<double> p = Softmax(entries);
  Filter(entries, [&](size_t i) { return i == 0 || -std::log2(p[i]) <= mu; });
}

void Do(SamplerStep step, const SamplerOptions& o, const History& history, bool xtc,
        Entries& entries) {
  if (step == SamplerStep::kPenalties) return Penalise(o, history, entries);
  if (step == SamplerStep::kDry) return Dry(o, history, entries);
  if (step == SamplerStep::kTemperature && o.temperature > 0) return Scale(o, entries);
  if (o.mirostat_tau > 0 || o.temperature == 0) return;
  size_t k = static_cast<size_t>(o.top_k);
  if (step == SamplerStep::kTopK && k > 0 && k < entries.size()) entries.resize(k);
  if (step == SamplerStep::kTopNSigma) TopNSigma(o.top_n_sigma, entries);
  if (step == SamplerStep::kTypical) Typical(o.typical_p, entries);
  if (step == SamplerStep::kTopP) TopP(o.top_p, entries);
  if (step == SamplerStep::kMinP) MinP(o.min_p, entries);
  if (step == SamplerStep::kXtc && xtc && o.xtc_probability > 0) Xtc(o.xtc_threshold, entries);
}

}  // namespace

std::map<int32_t, double> Distribution(const Logits& logits, const History& history,
                                       const SamplerOptions& options, bool xtc, double mu) {
  Entries entries;
  for (size_t i = 0; i < logits.size(); ++i) entries.push_back({logits[i], int32_t(i)});
  for (const LogitBias& bias : options.bias) entries[bias.id].logit += bias.bias;
  Filter(entries, [&](size_t i) { return !std::isinf(entries[i].logit); });
  Sort(entries);
  std::vector<SamplerStep> order = options.order;
  for (int i = 0; options.order.empty() && i <= static_cast<int>(SamplerStep::kXtc); ++i) {
    order.push_back(static_cast<SamplerStep>(i));
  }
  for (SamplerStep step : order) Do(step, options, history, xtc, entries);
  if (options.temperature == 0) return {{entries[0].id, 1}};
  if (options.mirostat_tau > 0) Mirostat(mu, entries);
  std::vector<double> p = Softmax(entries);
  std::map<int32_t, double> out;
  for (size_t i = 0; i < entries.size(); ++i) out[entries[i].id] = p[i];
  return out;
}

void ExpectDraws(const Logits& logits, const History& history, const SamplerOptions& options,
                 int draws, int64_t first) {
  // Of a step that is done by chance, what comes out is a mixture.
  std::map<int32_t, double> expected =
      Distribution(logits, history, options, true, 2.0 * options.mirostat_tau);
  const double share = options.xtc_probability;
  if (share < 1 && share > 0) {
    for (auto& [id, p] : expected) p *= share;
    for (auto [id, p] : Distribution(logits, history, options, false)) {
      expected[id] += p * (1 - share);
    }
  }
  Sampler sampler = Sampler::Create(options).value();
  std::map<int32_t, int> seen;
  SamplerScratch work;
  for (int i = 0; i < draws; ++i) {
    Logits scratch = logits;
    SamplerState state = sampler.Begin();
    ++seen[sampler.Draw(absl::MakeSpan(scratch), history, first + i, work, &state).value()];
  }
  double chi = 0, rest_expected = 0;
  int rest_seen = 0, cells = 0;
  for (auto [id, count] : seen) ASSERT_TRUE(expected.count(id)) << "token " << id << " was cut";
  for (auto [id, p] : expected) {
    if (p * draws < 10) {  // too rare for a cell of its own
      rest_expected += p * draws;
      rest_seen += seen[id];
      continue;
    }
    chi += std::pow(seen[id] - p * draws, 2) / (p * draws);
    ++cells;
  }
  if (rest_expected >= 10) {
    chi += std::pow(rest_seen - rest_expected, 2) / rest_expected;
    ++cells;
  }
  double freedom = std::max(cells - 1, 1);
  EXPECT_LT(chi, freedom + 5 * std::sqrt(2 * freedom) + 5) << "of " << cells << " cells";
}

}  // namespace erato
