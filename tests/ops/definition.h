// ops.h's formulas once more, from the comments alone and without any of the backends' code: one
// row at a time, double, no pages, no chunks. What the backends are held against.
#ifndef ERATO_TESTS_OPS_DEFINITION_H_
#define ERATO_TESTS_OPS_DEFINITION_H_

#include <cstdint>
#include <random>
#include <vector>

#include "core/formats/format.h"
#include "core/ops/ops.h"

namespace erato::test {

using Row = std::vector<double>;

/// A random parameter: the bytes that a file would hold, and the values that they stand for.
struct Matrix {
  Format format = Format::kF32;
  int64_t rows = 0, cols = 0;
  std::vector<uint8_t> bytes;
  std::vector<float> values;
  bool empty() const { return rows == 0; }
};

/// Values uniform in center ± spread, as the format can hold them.
Matrix RandomMatrix(std::mt19937& random, Format format, int64_t rows, int64_t cols, float spread,
                    float center = 0);
/// [rows, cols] with the given values in float32.
Matrix PlainMatrix(int64_t rows, int64_t cols, const std::vector<float>& values);

struct NormCase {
  Norm::Kind kind = Norm::Kind::kNone;
  Matrix gain, bias;  // empty = null
  float eps = 1e-5f;
};

Row DefineNorm(const NormCase& norm, const Row& x);
Row DefineLinear(const Matrix& w, const Matrix& b, const Row& x);
void DefineRope(const Rope& rope, int64_t position, double* head);
double DefineActivate(Activate act, double x);

/// One sequence as one layer of attention remembers it: keys [G·E] and values [G·V] by position.
struct History {
  std::vector<Row> keys, values;
};

/// What the row at `position` sees: all heads of q [H·E] to o [H·V].
Row DefineAttend(const Row& q, const History& history, int64_t position, int32_t heads,
                 const KvLayerSpec& kv, double scale, int32_t window);

}  // namespace erato::test

#endif  // ERATO_TESTS_OPS_DEFINITION_H_
