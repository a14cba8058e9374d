#include "core/ref/math.h"

#include <cmath>
#include <cstring>

#include "core/ref/storage.h"

namespace erato::ref {

// Eight sums side by side, so that a compiler can keep them in vector registers without reordering
// anything.
double Dot(const float* a, const float* b, int64_t n) {
  double sum[8] = {};
  int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int j = 0; j < 8; ++j) sum[j] += double{a[i + j]} * double{b[i + j]};
  }
  double rest = 0;
  for (; i < n; ++i) rest += double{a[i]} * double{b[i]};
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7])) + rest;
}

void ApplyNorm(const Norm& norm, const float* in, int64_t n, float* out) {
  if (norm.kind == Norm::Kind::kNone) {
    if (out != in) std::memcpy(out, in, n * sizeof(float));
    return;
  }
  double mean = 0;
  if (norm.kind == Norm::Kind::kLayer) {
    for (int64_t i = 0; i < n; ++i) mean += in[i];
    mean /= static_cast<double>(n);
  }
  double squares = 0;
  for (int64_t i = 0; i < n; ++i) squares += (in[i] - mean) * (in[i] - mean);
  const double scale = 1 / std::sqrt(squares / static_cast<double>(n) + double{norm.eps});
  const float* gain = norm.gain ? AsRef(*norm.gain).row(0) : nullptr;
  const float* bias = norm.bias ? AsRef(*norm.bias).row(0) : nullptr;
  for (int64_t i = 0; i < n; ++i) {
    const double y = (in[i] - mean) * scale * (gain ? gain[i] : 1.0) + (bias ? bias[i] : 0.0);
    out[i] = static_cast<float>(y);
  }
}

void ApplyLinear(const Linear& linear, Rows in, int64_t rows, Rows out) {
  const RefWeight& w = AsRef(*linear.w);
  const float* b = linear.b ? AsRef(*linear.b).row(0) : nullptr;
  for (int64_t r = 0; r < w.rows; ++r) {
    for (int64_t t = 0; t < rows; ++t) {
      out[t][r] = static_cast<float>(Dot(w.row(r), in[t], w.cols) + (b ? b[r] : 0.0));
    }
  }
}

void ApplyRope(const Rope& rope, int32_t position, float* head) {
  const auto pairs = static_cast<int64_t>(rope.inverse_frequency.size());
  const bool half = rope.pairing == Rope::Pairing::kHalf;
  for (int64_t p = 0; p < pairs; ++p) {
    float& first = head[half ? p : 2 * p];
    float& second = head[half ? p + pairs : 2 * p + 1];
    const double angle = double{rope.inverse_frequency[p]} * position;
    const double c = std::cos(angle) * rope.magnitude, s = std::sin(angle) * rope.magnitude;
    const double a = first, b = second;
    first = static_cast<float>(a * c - b * s);
    second = static_cast<float>(a * s + b * c);
  }
}

double ApplyActivation(Activate act, double x) {
  switch (act) {
    case Activate::kSilu:
      return x / (1 + std::exp(-x));
    case Activate::kGelu:
      return 0.5 * x * (1 + std::erf(x * M_SQRT1_2));
    case Activate::kGeluTanh:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case Activate::kRelu:
      return x > 0 ? x : 0;
    case Activate::kReluSquared:
      return x > 0 ? x * x : 0;
    case Activate::kTanh:
      return std::tanh(x);
    case Activate::kNone:
      return x;
  }
  return x;
}

}  // namespace erato::ref
