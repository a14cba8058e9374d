#include "core/engine/probabilities.h"

#include <algorithm>
#include <cmath>

namespace erato {

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }

void ToProbabilities(LabelMeaning meaning, absl::Span<float> scores) {
  if (meaning == LabelMeaning::kNumber || scores.empty()) return;
  if (meaning == LabelMeaning::kEachByItself) {
    for (float& score : scores) score = static_cast<float>(Logistic(score));
    return;
  }
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const float score : scores) sum += std::exp(score - top);
  for (float& score : scores) score = static_cast<float>(std::exp(score - top) / sum);
}

}  // namespace erato
