// The arithmetic of ops.h on single vectors: float32 in and out, sums in double.
#ifndef ERATO_CORE_REF_MATH_H_
#define ERATO_CORE_REF_MATH_H_

#include <cstdint>

#include "core/ops/ops.h"

namespace erato::ref {

/// Rows of float32, `stride` values apart.
struct Rows {
  float* data = nullptr;
  int64_t stride = 0;
  float* operator[](int64_t t) const { return data + t * stride; }
};

double Dot(const float* a, const float* b, int64_t n);
/// out = norm(in) over n values; in and out may be the same.
void ApplyNorm(const Norm& norm, const float* in, int64_t n, float* out);
/// out[t] = W·in[t] + b for t < rows. Each row of W is read once for all rows of `in`.
void ApplyLinear(const Linear& linear, Rows in, int64_t rows, Rows out);
/// Rotates one head's vector in place to `position`.
void ApplyRope(const Rope& rope, int32_t position, float* head);
double ApplyActivation(Activate act, double x);

}  // namespace erato::ref

#endif  // ERATO_CORE_REF_MATH_H_
