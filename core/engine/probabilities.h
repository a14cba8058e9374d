// From the raw scores of labels to what they mean.
#ifndef ERATO_CORE_ENGINE_PROBABILITIES_H_
#define ERATO_CORE_ENGINE_PROBABILITIES_H_

#include "absl/types/span.h"
#include "core/engine/model.h"

namespace erato {

/// 1 / (1 + exp(−x))
double Logistic(double x);
/// Turns one line of raw scores into probabilities: by softmax over all, by the logistic function
/// of each, or not at all.
void ToProbabilities(LabelMeaning meaning, absl::Span<float> scores);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_PROBABILITIES_H_
