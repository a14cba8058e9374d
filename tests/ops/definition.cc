#include "tests/ops/definition.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace erato::test {

Matrix RandomMatrix(std::mt19937& random, Format format, int64_t rows, int64_t cols, float spread,
                    float center) {
  Matrix m;
  m.format = format;
  m.rows = rows;
  m.cols = cols;
  m.values.resize(rows * cols);
  for (float& v : m.values) {
    v = center + spread * (static_cast<float>(random() % 20001) / 10000.0f - 1);
  }
  m.bytes.resize(BytesOf(format, rows * cols));
  InfoOf(format).encode(m.values.data(), rows * cols, m.bytes.data());
  InfoOf(format).decode(m.bytes.data(), rows * cols, m.values.data());
  return m;
}

Matrix PlainMatrix(int64_t rows, int64_t cols, const std::vector<float>& values) {
  Matrix m;
  m.rows = rows;
  m.cols = cols;
  m.values = values;
  m.bytes.resize(values.size() * sizeof(float));
  std::memcpy(m.bytes.data(), values.data(), m.bytes.size());
  return m;
}

Row DefineNorm(const NormCase& norm, const Row& x) {
  if (norm.kind == Norm::Kind::kNone) return x;
  const auto n = static_cast<double>(x.size());
  double sum = 0, squares = 0;
  for (double v : x) sum += v;
  const double mean = norm.kind == Norm::Kind::kLayer ? sum / n : 0;
  for (double v : x) squares += (v - mean) * (v - mean);
  Row y;
  for (size_t i = 0; i < x.size(); ++i) {
    double v = (x[i] - mean) / std::sqrt(squares / n + norm.eps);
    if (!norm.gain.empty()) v *= norm.gain.values[i];
    if (!norm.bias.empty()) v += norm.bias.values[i];
    y.push_back(v);
  }
  return y;
}

Row DefineLinear(const Matrix& w, const Matrix& b, const Row& x) {
  Row y;
  for (int64_t r = 0; r < w.rows; ++r) {
    double sum = b.empty() ? 0 : b.values[r];
    for (int64_t c = 0; c < w.cols; ++c) sum += w.values[r * w.cols + c] * x[c];
    y.push_back(sum);
  }
  return y;
}

void DefineRope(const Rope& rope, int64_t position, double* head) {
  const size_t pairs = rope.inverse_frequency.size();
  for (size_t p = 0; p < pairs; ++p) {
    const bool half = rope.pairing == Rope::Pairing::kHalf;
    const size_t i = half ? p : 2 * p, j = half ? p + pairs : 2 * p + 1;
    const double angle = static_cast<double>(position) * rope.inverse_frequency[p];
    const double a = head[i], b = head[j];
    head[i] = rope.magnitude * (a * std::cos(angle) - b * std::sin(angle));
    head[j] = rope.magnitude * (b * std::cos(angle) + a * std::sin(angle));
  }
}

double DefineActivate(Activate act, double x) {
  constexpr double kPi = 3.14159265358979323846;
  switch (act) {
    case Activate::kSilu:
      return x * (1 / (1 + std::exp(-x)));
    case Activate::kGelu:
      return x * (0.5 + 0.5 * std::erf(x / std::sqrt(2.0)));
    case Activate::kGeluTanh:
      return x * (0.5 + 0.5 * std::tanh(std::sqrt(2 / kPi) * (x + 0.044715 * std::pow(x, 3))));
    case Activate::kRelu:
      return std::max(x, 0.0);
    case Activate::kReluSquared:
      return std::pow(std::max(x, 0.0), 2);
    case Activate::kTanh:
      return std::tanh(x);
    case Activate::kNone:
      return x;
  }
  return NAN;
}

Row DefineAttend(const Row& q, const History& history, int64_t position, int32_t heads,
                 const KvLayerSpec& kv, double scale, int32_t window) {
  Row o(static_cast<size_t>(heads) * kv.v_width, 0);
  for (int32_t h = 0; h < heads; ++h) {
    const int32_t g = h / (heads / kv.kv_heads);
    std::vector<double> weight(position + 1, 0);
    double sum = 0;
    for (int64_t p = 0; p <= position; ++p) {
      if (window > 0 && p <= position - window) continue;
      double score = 0;
      for (int32_t e = 0; e < kv.k_width; ++e) {
        score += q[h * kv.k_width + e] * history.keys[p][g * kv.k_width + e];
      }
      sum += weight[p] = std::exp(scale * score);
    }
    for (int64_t p = 0; p <= position; ++p) {
      for (int32_t e = 0; e < kv.v_width; ++e) {
        o[h * kv.v_width + e] += weight[p] / sum * history.values[p][g * kv.v_width + e];
      }
    }
  }
  return o;
}

}  // namespace erato::test
