// A tensor as a model file holds it: a shape, a weight format, and bytes that lie in memory or are
// read when they are wanted.
#ifndef ERATO_CORE_WEIGHTS_TENSOR_H_
#define ERATO_CORE_WEIGHTS_TENSOR_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "core/formats/format.h"

namespace erato {

/// The bytes of a tensor that need not be in memory. Any number of threads may read.
class TensorBytes {
 public:
  virtual ~TensorBytes() = default;
  /// Bytes [begin, begin + count): where they lie, or `room`, into which they were read.
  virtual absl::StatusOr<const uint8_t*> Read(uint64_t begin, size_t count,
                                              uint8_t* room) const = 0;
};

/// [rows, cols], row-major, each row a whole number of blocks of `format`, rows `row_bytes` apart.
/// A vector has one row. `transposed` (float formats only): the bytes are [cols, rows] row-major,
/// and element (r, c) is read at (c, r).
struct HostTensor {
  Format format = Format::kF32;
  int64_t rows = 0, cols = 0;
  const uint8_t* data = nullptr;  // borrowed; null = they are read from `stored`
  size_t row_bytes = 0;           // of a stored row
  bool transposed = false;
  const TensorBytes* stored = nullptr;  // borrowed
  uint64_t begin = 0;                   // where the first row is in it

  int64_t stored_rows() const { return transposed ? cols : rows; }
  /// Bytes of `count` stored rows, from the first of the first to the last of the last.
  size_t BytesOfRows(int64_t count) const {
    return static_cast<size_t>(count - 1) * row_bytes +
           static_cast<size_t>(BytesOf(format, transposed ? rows : cols));
  }
  /// Stored rows [first, first + count): where they lie, or `room`, which has BytesOfRows(count).
  absl::StatusOr<const uint8_t*> Rows(int64_t first, int64_t count, uint8_t* room) const {
    const size_t at = static_cast<size_t>(first) * row_bytes;
    if (data != nullptr) return data + at;
    return stored->Read(begin + at, BytesOfRows(count), room);
  }
};

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_TENSOR_H_
