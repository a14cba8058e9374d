// One worker of the team as an Ops: it walks the same list of phases as all others and takes its
// share of each.
//
// Shares. Decoding: the same contiguous strips every time, since time goes to reading weights.
// Prompts: small tiles from one counter, so that a core which is disturbed holds nobody up. Within
// a phase of few rows, what precedes the matrix product (norm, rounding to bytes) is done by every
// worker for itself: cheaper than meeting once more.
#ifndef ERATO_CORE_CPU_WORKER_H_
#define ERATO_CORE_CPU_WORKER_H_

#include <atomic>
#include <initializer_list>

#include "core/cpu/kernels.h"
#include "core/cpu/kv_pool.h"
#include "core/cpu/scratch.h"
#include "core/cpu/team.h"
#include "core/cpu/weight.h"
#include "core/ops/ops.h"

namespace erato::cpu {

struct CpuActivation : Activation {
  Buffer memory;
  float* row(int64_t r) const { return memory.as<float>() + r * cols; }
};

/// What all workers of one run share.
struct Shared {
  const Kernels& kernels;
  Team& team;
  Scratch& scratch;
  const Step& step;
  bool stopped = false;                // written by the last at a barrier, read after it
  std::atomic<bool> cut_short{false};  // somebody left tiles undone because the run was to stop
};

class Worker final : public Ops {
 public:
  Worker(Shared& shared, int index);
  void Embed(const EmbedArgs&, const Step&) override;
  void Qkv(const QkvArgs&, const Step&) override;
  void Attend(const AttendArgs&, const Step&) override;
  void ProjAdd(const ProjAddArgs&, const Step&) override;
  void GateUp(const GateUpArgs&, const Step&) override;
  void Head(const HeadArgs&, const Step&) override;
  void Dense(const DenseArgs&, const Step&) override;
  void Pool(const PoolArgs&, const Step&) override;
  bool Stopped(const Step&) const override { return shared_.stopped; }

 private:
  /// What a rounding of activations may cost. Two weights of a model are sensitive: values, which
  /// every later position reads unchanged, and the head. For them a second rounded row holds what
  /// the first took away, and the product is of both: 15 bits (16 with bfloat16) for 3 % of the
  /// work of a prompt. With bytes, mean KL to exact activations falls by half (SmolLM2-135M Q4_1,
  /// over all positions: 0.0045 → 0.0026; doing the same for queries and keys, for attention's
  /// output or for the down projection gains under a tenth each; for gate and up a fifth, at half
  /// of all work).
  enum class Rounding { kOnce, kTwice };

  /// Rows of activations in the forms that products read (Form); some may be missing.
  struct Input {
    struct Rows {
      const uint8_t* first = nullptr;
      size_t bytes = 0;  // from row to row; a second rounding lies half way between
    } forms[3];
    Rows& of(Form form) { return forms[static_cast<int>(form)]; }
    const Rows& of(Form form) const { return forms[static_cast<int>(form)]; }
  };
  struct AttendItem {
    int32_t sequence, row_begin, row_end, kv_head, head_begin, head_end, part;
  };

  void Barrier();
  bool StopWanted();
  /// f(i) for this worker's items of 0 … count-1: a fixed share, or whatever the counter gives.
  template <class F>
  void Share(int64_t count, bool by_counter, F f);
  /// f(strip, row, n) for this worker's tiles of `strips` strips × `rows` rows.
  template <class F>
  void Tiles(int64_t strips, int64_t rows, const Input& in, F f);

  /// norm(x) for rows picked[0 … rows-1], or 0 … rows-1 where picked is null, in the forms that the
  /// weights need.
  Input Prepare(const Activation& x, const Norm& norm, std::initializer_list<const Weight*> readers,
                Rounding rounding, int64_t rows, const int32_t* picked = nullptr);
  /// One strip of linear.w times rows [row, row + n), plus bias, into out [n, strip_rows], which
  /// has room for 2n.
  void Multiply(const Linear& linear, const Input& in, Rounding rounding, int64_t strip,
                int64_t row, int64_t n, float* out);
  /// f(out, r, n_rows, t) over what Multiply left in `tile`: values of matrix rows r … r+n_rows-1
  /// for row t.
  template <class F>
  void EachRow(const Linear& linear, int64_t strip, int64_t row, int64_t n, float* tile, F f);
  void ApplyNorm(const Norm& norm, const float* x, int64_t n, float* out);

  /// The slot of the run's tables of angles for `rope`; a new one is filled, by all workers
  /// together, before the next barrier.
  int Angles(const Rope& rope);
  void Rotate(const Rope& rope, int slot, int64_t row, float* head);
  void FinishHead(const QkvArgs& a, int slot, int64_t row, int32_t item);
  int32_t SequenceOf(int64_t row) const;

  int64_t AttendItems(const AttendArgs& a) const;
  AttendItem FindItem(const AttendArgs& a, int64_t index) const;
  int32_t PartsOf(const AttendArgs& a, int64_t items) const;
  void AttendPart(const AttendArgs& a, const AttendItem& item, int32_t parts, int64_t index);
  static int32_t QueriesOf(const AttendArgs& a);
  void AttendRows(const AttendArgs& a);
  void AttendRowsTile(const AttendArgs& a, int32_t sequence, int32_t head, int32_t tile_row);
  void SpreadBias(const AttendArgs& a, int32_t head, RowsTile& tile);
  void PoolSequence(const PoolArgs& a, int32_t sequence);
  void JoinParts(const AttendArgs& a, const AttendItem& item, int32_t parts, int64_t index);

  Shared& shared_;
  const Kernels& kernels_;
  Team& team_;
  Scratch& scratch_;
  const WorkerScratch& own_;
  const Step& step_;
  const int index_;
  const Rope* ropes_[kRopeSlots] = {};
  int next_rope_ = 0;
};

inline const CpuWeight& AsCpu(const Weight& w) { return static_cast<const CpuWeight&>(w); }
inline const CpuActivation& AsCpu(const Activation& a) {
  return static_cast<const CpuActivation&>(a);
}

template <class F>
void Worker::Share(int64_t count, bool by_counter, F f) {
  if (by_counter) {
    for (int64_t i; (i = team_.Take()) < count;) f(i);
  } else {
    const int64_t size = team_.size();
    for (int64_t i = count * index_ / size; i < count * (index_ + 1) / size; i++) f(i);
  }
}

template <class F>
void Worker::Tiles(int64_t strips, int64_t rows, const Input& in, F f) {
  if (rows <= kOwnRows * 4) {
    Share(strips, false, [&](int64_t strip) { f(strip, 0, rows); });
    return;
  }
  // Rows of a tile: what a second-level cache holds while one strip after the other meets them, and
  // enough tiles for the counter to even out, but not so few rows that spreading weights out is
  // dear.
  int64_t row_bytes = 0;
  for (const Input::Rows& form : in.forms)
    row_bytes = std::max(row_bytes, static_cast<int64_t>(form.bytes));
  int64_t tile_rows = kTileRows;
  while (tile_rows > 32 && (tile_rows * row_bytes > kTileBytes ||
                            strips * ((rows + tile_rows - 1) / tile_rows) < 8 * team_.size()))
    tile_rows /= 2;
  const int64_t tiles = (rows + tile_rows - 1) / tile_rows;
  Share(strips * tiles, true, [&](int64_t i) {
    if (StopWanted()) return;
    const int64_t row = i / strips * tile_rows;
    f(i % strips, row, std::min(tile_rows, rows - row));
  });
}

template <class F>
void Worker::EachRow(const Linear& linear, int64_t strip, int64_t row, int64_t n, float* tile,
                     F f) {
  const int64_t width = kernels_.strip_rows, r = strip * width;
  const int64_t have = std::min(width, AsCpu(*linear.w).rows - r);
  for (int64_t t = 0; t < n; t++) f(tile + t * width, r, have, row + t);
}

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_WORKER_H_
