// Memory that a run works in besides activations and cache: reserved once, so that ops neither
// allocate nor fail.
#ifndef ERATO_CORE_CPU_SCRATCH_H_
#define ERATO_CORE_CPU_SCRATCH_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/base/buffer.h"
#include "core/cpu/kernels.h"

namespace erato::cpu {

constexpr int64_t kTileRows = 128;         // rows of activations in a tile of a matrix product
constexpr int64_t kTileBytes = 192 << 10;  // most bytes of those, where there is a choice
constexpr int64_t kOwnRows = 4;       // up to so many rows each worker prepares its own copy of
constexpr int64_t kTileQueries = 32;  // queries in a tile of attention
constexpr int64_t kRowQueries = 128;  // the same, where there is no cache
constexpr int kRopeSlots = 4;         // tables of angles kept in one run

/// Room for a rounded row (kernels.h, RoundedRow).
constexpr size_t RoundedRowBytes(size_t cols) { return cols + cols / 32 * 24; }
/// Room for one strip with a byte a cell and its scales and mins in float32.
constexpr size_t StripScratchBytes(size_t cols, size_t strip_rows) {
  return strip_rows * (cols + cols / 16 * 8);
}

/// One worker's own.
struct WorkerScratch {
  uint8_t* rounded = nullptr;  // [kOwnRows × 2] rounded rows
  float* plain = nullptr;      // [kOwnRows, cols]
  uint8_t* bf16 = nullptr;     // [kOwnRows × 2, cols] bfloat16, where the kernels take it
  float* row = nullptr;        // [cols]
  float* tile[2] = {};         // [kTileRows × 2, strip_rows]
  uint8_t* strip = nullptr;    // StripScratchBytes
  float* q = nullptr;          // [kTileQueries, head]
  float* o = nullptr;          // [kTileQueries, head]
  float* scores = nullptr;     // [kTileQueries, 32]
  float* top = nullptr;        // [kTileQueries]
  float* sum = nullptr;        // [kTileQueries]
  int32_t* first = nullptr;    // [kTileQueries]
  int32_t* last = nullptr;     // [kTileQueries]
  float* keys = nullptr;       // [head, 32]
  float* bias = nullptr;       // [rows + kRowQueries + 32]
  float* places = nullptr;     // [64, head]
  float* asking = nullptr;     // [kTileQueries + 32, 64]
  float* tops = nullptr;       // [kRowQueries]
  float* sums = nullptr;       // [kRowQueries]
};

struct Scratch {
  // What it was reserved for; cols and head are multiples of 32.
  int64_t rows = 0, cols = 0, head = 0;
  // Shared by the team.
  uint8_t* rounded = nullptr;  // [rows × 2] rounded rows
  float* plain = nullptr;      // [rows, cols]
  uint8_t* bf16 = nullptr;     // [rows × 2, cols] bfloat16, where the kernels take it
  float* wide = nullptr;       // [rows, 2·cols]: keys and values, or what a norm has yet to see
  float* angles[kRopeSlots] = {};  // [rows, head]: cosines then sines of a row
  float* parts = nullptr;          // [part_count, part_floats]: attention over parts of a context
  int64_t part_count = 0, part_floats = 0;
  std::vector<WorkerScratch> workers;

  size_t rounded_bytes() const { return RoundUp(RoundedRowBytes(static_cast<size_t>(cols)), 64); }
  /// What Reserve takes.
  static size_t Bytes(int64_t rows, int64_t cols, int64_t head, int workers,
                      const Kernels& kernels);
  /// RESOURCE_EXHAUSTED leaves it as it was.
  absl::Status Reserve(int64_t rows, int64_t cols, int64_t head, int workers,
                       const Kernels& kernels);

 private:
  Buffer memory_;
};

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_SCRATCH_H_
