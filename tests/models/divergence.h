// How far one answer is from another: Kullback-Leibler divergence of the distributions that logits
// stand for.
#ifndef ERATO_TESTS_MODELS_DIVERGENCE_H_
#define ERATO_TESTS_MODELS_DIVERGENCE_H_

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace erato::test {

/// log softmax, in double.
inline std::vector<double> LogSoftmax(absl::Span<const float> logits) {
  double highest = -HUGE_VAL, sum = 0;
  for (float y : logits) highest = std::max(highest, double{y});
  for (float y : logits) sum += std::exp(y - highest);
  std::vector<double> out;
  for (float y : logits) out.push_back(y - highest - std::log(sum));
  return out;
}

inline double Divergence(absl::Span<const float> expected, absl::Span<const float> got) {
  EXPECT_EQ(expected.size(), got.size());
  const std::vector<double> p = LogSoftmax(expected), q = LogSoftmax(got);
  double sum = 0;
  for (size_t i = 0; i < p.size(); ++i) sum += std::exp(p[i]) * (p[i] - q[i]);
  return sum;
}

/// The mean over rows of `vocabulary` logits.
inline double MeanDivergence(absl::Span<const float> expected, absl::Span<const float> got,
                             size_t vocabulary) {
  EXPECT_EQ(expected.size(), got.size());
  double sum = 0, rows = 0;
  for (size_t at = 0; at + vocabulary <= expected.size(); at += vocabulary, rows += 1) {
    sum += Divergence(expected.subspan(at, vocabulary), got.subspan(at, vocabulary));
  }
  return sum / rows;
}

/// A NaN is a difference.
inline float LargestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  float largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const float d = std::abs(a[i] - b[i]);
    largest = d <= largest ? largest : d;  // NaN is a difference
  }
  return largest;
}

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_DIVERGENCE_H_
