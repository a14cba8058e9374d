#include "core/engine/penalties.h"

#include <algorithm>
#include <limits>

namespace erato {
namespace {

constexpr double kMostLogit = std::numeric_limits<float>::max();

/// Lowers a stored logit by `penalty` of the divided one; a forbidden token stays forbidden.
float Lowered(float logit, double penalty, double scale) {
  if (logit == -std::numeric_limits<float>::infinity()) return logit;
  return static_cast<float>(std::clamp(logit - penalty * scale, -kMostLogit, kMostLogit));
}

absl::Span<const int32_t> Last(absl::Span<const int32_t> history, int32_t window) {
  size_t count = window > 0 ? std::min<size_t>(window, history.size()) : history.size();
  return history.last(count);
}

/// lengths[i]: how many tokens that end right before the i-th last one equal the text's last ones
/// (i from 1): the Z-algorithm (Gusfield 1997) on `back`, the tokens last first.
void FindLengths(const std::vector<int32_t>& back, std::vector<int32_t>& lengths) {
  int32_t n = static_cast<int32_t>(back.size()), left = 0, right = 0;
  lengths.assign(n, 0);
  for (int32_t i = 1; i < n; ++i) {
    int32_t z = i < right ? std::min(right - i, lengths[i - left]) : 0;
    while (i + z < n && back[z] == back[i + z]) ++z;
    lengths[i] = z;
    if (i + z > right) left = i, right = i + z;
  }
}

/// multiplier · base^exponent, within what a logit can be.
double DryPenalty(const SamplerOptions& options, int32_t exponent) {
  double penalty = options.dry_multiplier;
  for (int32_t i = 0; i < exponent && penalty < kMostLogit && options.dry_base > 1; ++i) {
    penalty *= options.dry_base;
  }
  return std::min(penalty, kMostLogit);
}

}  // namespace

void Penalise(const SamplerOptions& options, double scale, absl::Span<float> logits,
              absl::Span<const int32_t> history, SamplerScratch& scratch) {
  if (options.repetition_penalty == 1 && options.presence_penalty == 0 &&
      options.frequency_penalty == 0) {
    return;
  }
  absl::Span<const int32_t> window = Last(history, options.penalty_window);
  std::vector<int32_t>& recent = scratch.recent;
  recent.assign(window.begin(), window.end());
  std::sort(recent.begin(), recent.end());
  const double repetition = options.repetition_penalty;
  for (size_t i = 0, next; i < recent.size(); i = next) {
    for (next = i; next < recent.size() && recent[next] == recent[i];) ++next;
    float& logit = logits[recent[i]];
    double repeated = logit > 0 ? logit / repetition : logit * repetition;
    if (repeated < -kMostLogit && logit >= -kMostLogit) repeated = -kMostLogit;
    double lowered = (logit - repeated) / scale + options.presence_penalty +
                     static_cast<double>(next - i) * options.frequency_penalty;
    logit = Lowered(logit, lowered, scale);
  }
}

void PenaliseRepetition(const SamplerOptions& options, double scale, absl::Span<float> logits,
                        absl::Span<const int32_t> history, SamplerScratch& scratch) {
  absl::Span<const int32_t> window = Last(history, options.dry_window);
  if (options.dry_multiplier == 0 || window.empty()) return;
  std::vector<int32_t>& back = scratch.recent;
  std::vector<int32_t>& lengths = scratch.lengths;
  back.assign(window.rbegin(), window.rend());
  FindLengths(back, lengths);
  auto breaks = [&](int32_t id) {
    return options.dry_breakers != nullptr && (*options.dry_breakers)[id] != 0;
  };
  int32_t reach = 0;  // tokens at the end that no breaker is among
  while (reach < static_cast<int32_t>(back.size()) && !breaks(back[reach])) ++reach;
  // What stands after a repetition is the token before it in `back`. Each position gives way to the
  // longest one of the same token: sorted by token, that is its last.
  std::vector<Choice>& found = scratch.repeats;
  found.clear();
  for (size_t i = 1; i < back.size(); ++i) {
    int32_t length = std::min(lengths[i], reach);
    if (length < options.dry_allowed_length || breaks(back[i - 1])) continue;
    found.push_back({static_cast<float>(length), back[i - 1]});
  }
  std::sort(found.begin(), found.end(), [](const Choice& a, const Choice& b) {
    return a.id != b.id ? a.id < b.id : a.logit < b.logit;
  });
  for (size_t i = 0; i < found.size(); ++i) {
    if (i + 1 < found.size() && found[i + 1].id == found[i].id) continue;
    int32_t beyond = static_cast<int32_t>(found[i].logit) - options.dry_allowed_length;
    logits[found[i].id] = Lowered(logits[found[i].id], DryPenalty(options, beyond), scale);
  }
}

}  // namespace erato
