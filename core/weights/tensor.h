// A tensor in host memory as a model file holds it: a shape, a weight format and bytes that
// somebody else owns.
#ifndef ERATO_CORE_WEIGHTS_TENSOR_H_
#define ERATO_CORE_WEIGHTS_TENSOR_H_

#include <cstddef>
#include <cstdint>

#include "core/formats/format.h"

namespace erato {

/// [rows, cols], row-major, each row a whole number of blocks of `format`, rows `row_bytes` apart.
/// A vector has one row. `transposed` (float formats only): the bytes are [cols, rows] row-major,
/// and element (r, c) is read at (c, r).
struct HostTensor {
  Format format = Format::kF32;
  int64_t rows = 0, cols = 0;
  const uint8_t* data = nullptr;  // borrowed
  size_t row_bytes = 0;           // of a stored row
  bool transposed = false;
};

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_TENSOR_H_
