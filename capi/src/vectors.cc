#include "erato/vectors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace {

/// Σ a·b over eight sums that do not wait for each other.
double Dot(const float* a, const float* b, size_t n) {
  double sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (size_t j = 0; j < 8; ++j) sums[j] += double{a[i + j]} * b[i + j];
  }
  for (; i < n; ++i) sums[0] += double{a[i]} * b[i];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

double Cosine(double product, double squares_a, double squares_b) {
  if (squares_a == 0 || squares_b == 0) return 0;
  return std::clamp(product / std::sqrt(squares_a * squares_b), -1.0, 1.0);
}

/// The best rows so far, as a heap in the caller's two arrays, the least of them at 0: nothing is
/// allocated, so nothing can fail.
struct Hits {
  size_t* rows;
  float* scores;
  size_t count = 0;

  /// The greater score, then the earlier row.
  bool Better(float score, size_t row, size_t than) const {
    return score != scores[than] ? score > scores[than] : row < rows[than];
  }
  void Swap(size_t a, size_t b) const {
    std::swap(rows[a], rows[b]);
    std::swap(scores[a], scores[b]);
  }
  void Add(size_t row, float score) {
    rows[count] = row;
    scores[count] = score;
    for (size_t at = count++; at > 0; at = (at - 1) / 2) {
      if (Better(scores[at], rows[at], (at - 1) / 2)) break;
      Swap(at, (at - 1) / 2);
    }
  }
  /// Brings the least of [0, size) to 0, where all but that place are in order.
  void Sink(size_t size) const {
    for (size_t at = 0, child; (child = 2 * at + 1) < size; at = child) {
      if (child + 1 < size && Better(scores[child], rows[child], child + 1)) ++child;
      if (Better(scores[child], rows[child], at)) break;
      Swap(at, child);
    }
  }
  void ReplaceLeast(size_t row, float score) const {
    rows[0] = row;
    scores[0] = score;
    Sink(count);
  }
  void Sort() const {
    for (size_t size = count; size > 1; --size) {
      Swap(0, size - 1);
      Sink(size - 1);
    }
  }
};

}  // namespace

extern "C" {

double erato_dot(const float* a, const float* b, size_t n) {
  return a == nullptr || b == nullptr ? 0 : Dot(a, b, n);
}

double erato_cosine(const float* a, const float* b, size_t n) {
  if (a == nullptr || b == nullptr) return 0;
  return Cosine(Dot(a, b, n), Dot(a, a, n), Dot(b, b, n));
}

void erato_normalise(float* vector, size_t n) {
  if (vector == nullptr) return;
  const double length = std::sqrt(Dot(vector, vector, n));
  if (length == 0) return;
  for (size_t i = 0; i < n; ++i) vector[i] = static_cast<float>(vector[i] / length);
}

size_t erato_nearest(const float* query, const float* vectors, size_t rows, size_t n, size_t k,
                     size_t* indexes, float* scores) {
  if (query == nullptr || vectors == nullptr || indexes == nullptr || scores == nullptr) return 0;
  Hits hits{indexes, scores};
  for (size_t row = 0; row < rows && k > 0; ++row) {
    const auto score = static_cast<float>(Dot(query, vectors + row * n, n));
    if (!std::isfinite(score)) continue;
    if (hits.count < k) {
      hits.Add(row, score);
    } else if (hits.Better(score, row, 0)) {
      hits.ReplaceLeast(row, score);
    }
  }
  hits.Sort();
  return hits.count;
}

float erato_to_int8(const float* vector, size_t n, int8_t* values) {
  if (vector == nullptr || values == nullptr) return 0;
  float greatest = 0;
  for (size_t i = 0; i < n; ++i) greatest = std::max(greatest, std::fabs(vector[i]));
  const float scale = greatest / 127;
  for (size_t i = 0; i < n; ++i) {
    const float value = scale > 0 ? std::nearbyint(vector[i] / scale) : 0;
    values[i] = static_cast<int8_t>(std::clamp(value, -127.0f, 127.0f));
  }
  return scale;
}

double erato_cosine_int8(const int8_t* a, const int8_t* b, size_t n) {
  if (a == nullptr || b == nullptr) return 0;
  int64_t product = 0, squares_a = 0, squares_b = 0;
  for (size_t i = 0; i < n; ++i) {
    product += int32_t{a[i]} * b[i];
    squares_a += int32_t{a[i]} * a[i];
    squares_b += int32_t{b[i]} * b[i];
  }
  return Cosine(static_cast<double>(product), static_cast<double>(squares_a),
                static_cast<double>(squares_b));
}

void erato_to_bits(const float* vector, size_t n, uint8_t* bits) {
  if (vector == nullptr || bits == nullptr) return;
  std::fill_n(bits, (n + 7) / 8, uint8_t{0});
  for (size_t i = 0; i < n; ++i) {
    if (vector[i] > 0) bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | 0x80 >> (i % 8));
  }
}

size_t erato_hamming(const uint8_t* a, const uint8_t* b, size_t bytes) {
  if (a == nullptr || b == nullptr) return 0;
  size_t different = 0;
  for (size_t i = 0; i < bytes; ++i) {
    different += static_cast<size_t>(std::popcount(static_cast<uint8_t>(a[i] ^ b[i])));
  }
  return different;
}

}  // extern "C"
