#include "core/cpu/scratch.h"

#include <utility>

namespace erato::cpu {
namespace {

/// Hands out pieces of one allocation; with no allocation yet, it counts how much is needed.
class Cutter {
 public:
  explicit Cutter(uint8_t* base) : base_(base) {}
  template <class T>
  void Cut(T*& to, int64_t count) {
    to = base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + used_);
    used_ += RoundUp(static_cast<size_t>(count) * sizeof(T), 64);
  }
  size_t used() const { return used_; }

 private:
  uint8_t* base_;
  size_t used_ = 0;
};

size_t Lay(Scratch& s, uint8_t* base, const Kernels& kernels) {
  Cutter cut(base);
  cut.Cut(s.rounded, 2 * s.rows * static_cast<int64_t>(s.rounded_bytes()));
  cut.Cut(s.plain, s.rows * s.cols);
  const int64_t bf16_bytes = kernels.round_row_bf16 != nullptr ? 2 * s.cols : 0;
  cut.Cut(s.bf16, 2 * s.rows * bf16_bytes);
  cut.Cut(s.wide, s.rows * s.cols * 2);
  for (float*& angles : s.angles) cut.Cut(angles, s.rows * s.head);
  s.part_floats = kTileQueries * 2 + 2 * s.cols;
  s.part_count = static_cast<int64_t>(s.workers.size()) * 8;
  cut.Cut(s.parts, s.part_count * s.part_floats);
  for (WorkerScratch& w : s.workers) {
    cut.Cut(w.rounded, 2 * kOwnRows * static_cast<int64_t>(s.rounded_bytes()));
    cut.Cut(w.plain, kOwnRows * s.cols);
    cut.Cut(w.bf16, 2 * kOwnRows * bf16_bytes);
    cut.Cut(w.row, s.cols);
    for (float*& tile : w.tile) cut.Cut(tile, 2 * kTileRows * kernels.strip_rows);
    cut.Cut(w.strip, static_cast<int64_t>(StripScratchBytes(
                         static_cast<size_t>(s.cols), static_cast<size_t>(kernels.strip_rows))));
    cut.Cut(w.q, kTileQueries * s.head);
    cut.Cut(w.o, kTileQueries * s.head);
    cut.Cut(w.scores, kTileQueries * 32);
    cut.Cut(w.top, kTileQueries);
    cut.Cut(w.sum, kTileQueries);
    cut.Cut(w.first, kTileQueries);
    cut.Cut(w.last, kTileQueries);
    cut.Cut(w.keys, s.head * 32);
    cut.Cut(w.bias, s.rows + kRowQueries + 32);
    cut.Cut(w.places, s.head * 64);
    cut.Cut(w.asking, (kTileQueries + 32) * 64);
    cut.Cut(w.tops, kRowQueries);
    cut.Cut(w.sums, kRowQueries);
  }
  return cut.used();
}

Scratch Sized(int64_t rows, int64_t cols, int64_t head, int workers) {
  Scratch sized;
  sized.rows = rows;
  sized.cols = static_cast<int64_t>(RoundUp(static_cast<size_t>(cols), 32));
  sized.head = static_cast<int64_t>(RoundUp(static_cast<size_t>(head), 32));
  sized.workers.resize(static_cast<size_t>(workers));
  return sized;
}

}  // namespace

size_t Scratch::Bytes(int64_t rows, int64_t cols, int64_t head, int workers,
                      const Kernels& kernels) {
  Scratch sized = Sized(rows, cols, head, workers);
  return Lay(sized, nullptr, kernels);
}

absl::Status Scratch::Reserve(int64_t rows, int64_t cols, int64_t head, int workers,
                              const Kernels& kernels) {
  Scratch next = Sized(rows, cols, head, workers);
  absl::StatusOr<Buffer> memory = Buffer::Make(Lay(next, nullptr, kernels), "scratch");
  if (!memory.ok()) return memory.status();
  next.memory_ = *std::move(memory);
  Lay(next, next.memory_.data(), kernels);
  *this = std::move(next);
  return absl::OkStatus();
}

}  // namespace erato::cpu
