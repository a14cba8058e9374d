// Packing: how stored cells become the cells of a strip (kernels.h, Matrix).
#ifndef ERATO_CORE_CPU_PACKER_H_
#define ERATO_CORE_CPU_PACKER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/cpu/kernels.h"
#include "core/weights/tensor.h"

namespace erato::cpu {

/// How the cells of an integer form are stored.
struct CellPlan {
  Cell cell = Cell::kF32;
  bool has_min = false;
  int q_offset = 0;    // stored byte or nibble = q + q_offset
  int min_offset = 0;  // min' = min + min_offset · scale
};

/// Four bits where the range of the format's integers allows, else eight; formats without integers
/// keep 16 or 32 bits a value, as `kernels` sum them.
CellPlan PlanOf(const FormatInfo& info, const Kernels& kernels);
size_t CellBits(Cell cell);
/// Where in a strip of kBf16Pairs column k of row r lies.
constexpr int64_t PairAt(int64_t k, int64_t r, int64_t strip_rows) {
  return (k / 2 * strip_rows + r) * 2 + k % 2;
}

/// One worker's part of the packing. Rows come from the tensor some strips at a time, a stretch, so
/// that no more of its bytes than that is in memory beside the packed ones. A transposed tensor has
/// to be in memory: every strip takes a part of every stored row.
class Packer {
 public:
  /// Everything is borrowed. `to`: the first strip of `m`.
  Packer(const HostTensor& tensor, const Kernels& kernels, const CellPlan& plan, const Matrix& m,
         int64_t stretch_strips, uint8_t* to);
  /// Packs strips [stretch · stretch_strips, (stretch + 1) · stretch_strips), or what there is of
  /// them; or the error of reading.
  absl::Status Stretch(int64_t stretch);

  /// Greatest magnitude of a scale or min seen, and whether one was too small for float16 to hold
  /// it well.
  float greatest() const { return greatest_; }
  bool lossy() const { return lossy_; }

 private:
  /// `stored`: the strip's rows, or, of a transposed tensor, all.
  void Strip(int64_t strip, const uint8_t* stored);
  void Group(int64_t group, uint8_t* to, const float* mins);
  void Halves(uint8_t* to);
  void FloatStrip(int64_t strip, const uint8_t* stored, uint8_t* to);

  const HostTensor& tensor_;
  const Kernels& kernels_;
  const FormatInfo& info_;
  const CellPlan plan_;
  const Matrix m_;
  const int64_t stretch_strips_;
  uint8_t* to_;
  std::vector<uint8_t> room_;  // rows of a stretch
  std::vector<uint8_t> q_;     // q, then q + offset
  std::vector<float> scales_, floats_, line_;
  float greatest_ = 0;
  bool lossy_ = false;
};

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_PACKER_H_
