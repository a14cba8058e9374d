// Parameters in the layout that the kernels read (kernels.h, Matrix).
#ifndef ERATO_CORE_CPU_WEIGHT_H_
#define ERATO_CORE_CPU_WEIGHT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/base/buffer.h"
#include "core/cpu/kernels.h"
#include "core/cpu/team.h"
#include "core/ops/ops.h"
#include "core/weights/tensor.h"

namespace erato::cpu {

/// What a matrix is multiplied with: float32, rounded rows (kernels.h), or rows of bfloat16.
enum class Form : uint8_t { kPlain, kRounded, kBf16 };

struct CpuWeight : Weight {
  Matrix matrix = {};             // of a matrix or table
  const float* vector = nullptr;  // of a vector
  Buffer memory;
  Form form() const {
    return matrix.cell <= Cell::kInt8        ? Form::kRounded
           : matrix.cell == Cell::kBf16Pairs ? Form::kBf16
                                             : Form::kPlain;
  }
  /// Row `row` as float32, as exactly as the scales in float16 allow: exactly, for formats whose
  /// own are float16.
  void ReadRow(int64_t row, bool unsigned_bytes, float* out) const;
};

/// Bytes that a packed tensor takes.
size_t VectorBytes(const HostTensor& tensor);
size_t MatrixBytes(const HostTensor& tensor, const Kernels& kernels);

/// A vector in float32.
absl::StatusOr<std::unique_ptr<CpuWeight>> PackVector(const HostTensor& tensor);
/// A matrix in strips, packed by the whole team. The integer form of a format decides the cells:
/// four bits where its range allows, else eight; formats without one keep 16 or 32 bits a value.
absl::StatusOr<std::unique_ptr<CpuWeight>> PackMatrix(const HostTensor& tensor,
                                                      const Kernels& kernels, Team& team);

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_WEIGHT_H_
