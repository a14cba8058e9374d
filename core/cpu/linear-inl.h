// W · x for one strip of rows, the loop that nearly all time goes to.
//
// A strip is two vectors wide: lanes are rows of W, and four columns of x at a time go to every
// lane by a broadcast load. No lane ever needs another lane's sum. A tile is 2 vectors × N rows of
// activations with all sums in registers; each weight that is loaded is used N times, each
// activation twice. One group of 16 or 32 columns is summed in integers, then scaled into the float
// sums:
//     y += (scale_w · scale_x) · Σ q_w q_x  +  min_w · Σ x
//
// Two loops share that tile. Few rows (decoding): cells are taken apart in registers, straight from
// the packed strip, so that weights are read once and nothing is written. Many rows (prompts): the
// strip is first spread in the cache to one byte a cell and float32 scales, which then costs
// nothing against the rows that use it. Both do the same arithmetic in the same order, so a row's
// result does not depend on the rows beside it.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

constexpr int kVectors = 2;
constexpr int kStripRows = kVectors * V::kLanes;
constexpr int kStepBytes = 4 * kStripRows;  // four columns of a strip, a byte a cell

/// How a group's result is corrected for cells that are not centred: not at all, by a start value
/// that the activations bring along, or by a multiple of the activations' sum.
enum class Correct { kNone, kZero, kMin };

ERATO_INLINE RoundedRow RoundedAt(const uint8_t* row, int64_t cols) {
  const int64_t blocks = cols / 32;
  const float* scale = reinterpret_cast<const float*>(row + cols);
  const int32_t* zero = reinterpret_cast<const int32_t*>(scale + 4 * blocks);
  return {reinterpret_cast<const int8_t*>(row),
          scale,
          scale + blocks,
          scale + 2 * blocks,
          zero,
          zero + blocks};
}

/// A group's cells, scales and mins in a packed strip, or spread out.
template <int kBits, int kGroup>
struct PackedCells {
  const uint8_t* strip;
  size_t group_bytes;
  float zero_point;

  const uint8_t* at;
  ERATO_INLINE void Enter(int64_t g) { at = strip + g * group_bytes; }
  ERATO_INLINE void Two(int step, int m, typename V::I* w) const {
    const uint8_t* p = at + (kBits == 4 ? step / 2 : step) * kStepBytes + m * 4 * V::kLanes;
    const typename V::I x = V::LoadBytes(p);
    w[0] = kBits == 4 ? V::LowNibbles(x) : x;
    w[1] = kBits == 4 ? V::HighNibbles(x) : V::LoadBytes(p + kStepBytes);
  }
  ERATO_INLINE typename V::F Scale(int m) const {
    return V::LoadHalf(reinterpret_cast<const uint16_t*>(at + kGroup * kStripRows * kBits / 8) +
                       m * V::kLanes);
  }
  ERATO_INLINE typename V::F Min(int m) const {
    if (zero_point != 0) return V::Mul(Scale(m), V::Set(-zero_point));
    return V::LoadHalf(reinterpret_cast<const uint16_t*>(at + kGroup * kStripRows * kBits / 8) +
                       kStripRows + m * V::kLanes);
  }
};

template <int kGroup>
struct SpreadCells {
  const uint8_t* cells;
  size_t cell_bytes;    // from group to group
  const float* scales;  // a group: kStripRows scales, kStripRows mins

  const uint8_t* at;
  const float* scale_at;
  ERATO_INLINE void Enter(int64_t g) {
    at = cells + g * cell_bytes;
    scale_at = scales + g * 2 * kStripRows;
  }
  ERATO_INLINE void Two(int step, int m, typename V::I* w) const {
    w[0] = V::LoadBytes(at + step * kStepBytes + m * 4 * V::kLanes);
    w[1] = V::LoadBytes(at + (step + 1) * kStepBytes + m * 4 * V::kLanes);
  }
  ERATO_INLINE typename V::F Scale(int m) const { return V::Load(scale_at + m * V::kLanes); }
  ERATO_INLINE typename V::F Min(int m) const {
    return V::Load(scale_at + kStripRows + m * V::kLanes);
  }
};

template <int kBits>
struct DotOf;
template <>
struct DotOf<4> {
  using Type = V::Dot4;
};
template <>
struct DotOf<8> {
  using Type = V::Dot8;
};

/// One tile: kStripRows rows of W by N rounded rows.
template <int N, int kBits, int kGroup, Correct kCorrect, class Cells>
ERATO_INLINE void IntTile(Cells cells, int64_t cols, const uint8_t* in, size_t in_bytes, float unit,
                          float* out) {
  using Dot = typename DotOf<kBits>::Type;
  typename V::F y[kVectors][N];
  for (int m = 0; m < kVectors; m++)
    for (int n = 0; n < N; n++) y[m][n] = V::Zero();
  const RoundedRow x = RoundedAt(in, cols);
  const int32_t* zeros = kBits == 4 ? x.zero8 : x.zero128;
  const float* sums = kGroup == 32 ? x.sum32 : x.sum16;
  for (int64_t g = 0; g < cols / kGroup; g++) {
    cells.Enter(g);
    Dot dot[kVectors][N];
    typename V::I zero[N];
    for (int n = 0; n < N; n++) {
      zero[n] = kCorrect == Correct::kZero
                    ? V::Four(reinterpret_cast<const int8_t*>(zeros + g) + n * in_bytes)
                    : V::SetInt(0);
      for (int m = 0; m < kVectors; m++) dot[m][n].Start(zero[n]);
    }
#pragma GCC unroll 4
    for (int step = 0; step < kGroup / 4; step += 2) {
      typename V::I w[kVectors][2];
      for (int m = 0; m < kVectors; m++) cells.Two(step, m, w[m]);
      for (int half = 0; half < 2; half++)
        for (int n = 0; n < N; n++) {
          const typename V::I a = V::Four(x.q + n * in_bytes + g * kGroup + (step + half) * 4);
          for (int m = 0; m < kVectors; m++) dot[m][n].Step(w[m][half], a);
        }
    }
    for (int m = 0; m < kVectors; m++) {
      const typename V::F scale = cells.Scale(m);
      const typename V::F min = kCorrect == Correct::kMin ? cells.Min(m) : V::Zero();
      for (int n = 0; n < N; n++) {
        const char* row = reinterpret_cast<const char*>(x.scale + g * kGroup / 32) + n * in_bytes;
        const typename V::F both = V::Mul(scale, V::Set(*reinterpret_cast<const float*>(row)));
        y[m][n] = V::Fma(V::ToFloat(dot[m][n].Total(zero[n])), both, y[m][n]);
        if (kCorrect == Correct::kMin) {
          const char* sum = reinterpret_cast<const char*>(sums + g) + n * in_bytes;
          y[m][n] = V::Fma(min, V::Set(*reinterpret_cast<const float*>(sum)), y[m][n]);
        }
      }
    }
  }
  for (int n = 0; n < N; n++)
    for (int m = 0; m < kVectors; m++)
      V::Store(out + n * kStripRows + m * V::kLanes, V::Mul(y[m][n], V::Set(unit)));
}

/// All rows, N at a time, then fewer.
template <int N, class Tile>
ERATO_INLINE void ByRows(int64_t n, Tile tile) {
  int64_t i = 0;
  for (; i + N <= n && n - i != 8; i += N) tile.template Run<N>(i);  // 8 is 4 + 4, not 6 + 2
  if constexpr (N > 4) {
    for (; i + 4 <= n; i += 4) tile.template Run<4>(i);
  } else {
    for (; i + N <= n; i += N) tile.template Run<N>(i);
  }
  if constexpr (N > 2) {
    if (i + 2 <= n) tile.template Run<2>(i), i += 2;
  }
  if (i < n) tile.template Run<1>(i);
}

template <int kBits, int kGroup, Correct kCorrect, class Cells>
struct IntTiles {
  Cells cells;
  const Matrix& w;
  const uint8_t* in;
  size_t in_bytes;
  float* out;
  template <int N>
  __attribute__((noinline)) void Run(int64_t i) const {
    IntTile<N, kBits, kGroup, kCorrect>(cells, w.cols, in + i * in_bytes, in_bytes, w.unit,
                                        out + i * kStripRows);
  }
};

template <int kBits, int kGroup>
void Spread(const PackedCells<kBits, kGroup>& packed, int64_t groups, bool has_min, uint8_t* cells,
            float* scales) {
  PackedCells<kBits, kGroup> from = packed;
  for (int64_t g = 0; g < groups; g++) {
    from.Enter(g);
    for (int m = 0; m < kVectors; m++) {
      for (int step = 0; kBits == 4 && step < kGroup / 4; step += 2) {
        typename V::I w[2];
        from.Two(step, m, w);
        uint8_t* to = cells + (g * kGroup / 4 + step) * kStepBytes + m * 4 * V::kLanes;
        V::StoreBytes(to, w[0]);
        V::StoreBytes(to + kStepBytes, w[1]);
      }
      V::Store(scales + g * 2 * kStripRows + m * V::kLanes, from.Scale(m));
      if (has_min) V::Store(scales + (g * 2 + 1) * kStripRows + m * V::kLanes, from.Min(m));
    }
  }
}

template <int kBits, int kGroup, Correct kCorrect>
void IntStrip(const Matrix& w, const uint8_t* strip, const uint8_t* in, size_t in_bytes, int64_t n,
              float* out, uint8_t* scratch) {
  // Where a sum over 16 columns has an offset it takes the way of a min: zeros come for 32 columns
  // only.
  const float zero_point = w.has_min ? 0 : kBits == 4 ? 8 : V::kUnsignedBytes ? 128 : 0;
  const PackedCells<kBits, kGroup> packed{strip, w.group_bytes, zero_point, nullptr};
  if (n <= 4) {
    ByRows<4>(n, IntTiles<kBits, kGroup, kCorrect, PackedCells<kBits, kGroup>>{packed, w, in,
                                                                               in_bytes, out});
    return;
  }
  float* scales = reinterpret_cast<float*>(scratch);
  uint8_t* cells = scratch + w.cols / kGroup * 2 * kStripRows * sizeof(float);
  Spread(packed, w.cols / kGroup, kCorrect == Correct::kMin, cells, scales);
  SpreadCells<kGroup> spread{cells, size_t{kGroup} * kStripRows, scales, nullptr, nullptr};
  if (kBits == 8) spread.cells = strip, spread.cell_bytes = w.group_bytes;
  ByRows<V::kIntTokens>(
      n, IntTiles<kBits, kGroup, kCorrect, SpreadCells<kGroup>>{spread, w, in, in_bytes, out});
}

// ---- Float cells ------------------------------------------------------------------------------

ERATO_INLINE V::F LoadCells(const float* p) { return V::Load(p); }
struct HalfCell {
  uint16_t bits;
};
struct BrainCell {
  uint16_t bits;
};
ERATO_INLINE V::F LoadCells(const HalfCell* p) { return V::LoadHalf(&p->bits); }
ERATO_INLINE V::F LoadCells(const BrainCell* p) { return V::LoadBrain(&p->bits); }

template <class T>
struct FloatTiles {
  const T* strip;
  int64_t cols;
  const uint8_t* in;
  size_t in_bytes;
  float* out;
  template <int N>
  __attribute__((noinline)) void Run(int64_t i) const {
    V::F y[kVectors][N];
    for (int m = 0; m < kVectors; m++)
      for (int n = 0; n < N; n++) y[m][n] = V::Zero();
    const uint8_t* x = in + i * in_bytes;
    for (int64_t k = 0; k < cols; k++) {
      V::F w[kVectors];
      for (int m = 0; m < kVectors; m++) w[m] = LoadCells(strip + k * kStripRows + m * V::kLanes);
      for (int n = 0; n < N; n++) {
        const V::F a = V::Set(reinterpret_cast<const float*>(x + n * in_bytes)[k]);
        for (int m = 0; m < kVectors; m++) y[m][n] = V::Fma(w[m], a, y[m][n]);
      }
    }
    for (int n = 0; n < N; n++)
      for (int m = 0; m < kVectors; m++)
        V::Store(out + (i + n) * kStripRows + m * V::kLanes, y[m][n]);
  }
};

template <class T>
void FloatStrip(const Matrix& w, const uint8_t* strip, const uint8_t* in, size_t in_bytes,
                int64_t n, float* out) {
  ByRows<V::kFloatTokens>(
      n, FloatTiles<T>{reinterpret_cast<const T*>(strip), w.cols, in, in_bytes, out});
}

#ifdef ERATO_CPU_BF16
/// Two columns of W and of x a step. Products are exact, sums are float32.
struct PairTiles {
  const uint8_t* strip;
  int64_t pairs;
  const uint8_t* in;
  size_t in_bytes;
  float* out;
  template <int N>
  __attribute__((noinline)) void Run(int64_t i) const {
    V::F y[kVectors][N];
    for (int m = 0; m < kVectors; m++)
      for (int n = 0; n < N; n++) y[m][n] = V::Zero();
    const int8_t* x = reinterpret_cast<const int8_t*>(in + i * in_bytes);
    for (int64_t k = 0; k < pairs; k++) {
      V::I w[kVectors];
      for (int m = 0; m < kVectors; m++)
        w[m] = V::LoadBytes(strip + (k * kStripRows + m * V::kLanes) * 4);
      for (int n = 0; n < N; n++) {
        const V::I a = V::Four(x + n * in_bytes + k * 4);
        for (int m = 0; m < kVectors; m++) y[m][n] = V::DotPairs(y[m][n], w[m], a);
      }
    }
    for (int n = 0; n < N; n++)
      for (int m = 0; m < kVectors; m++)
        V::Store(out + (i + n) * kStripRows + m * V::kLanes, y[m][n]);
  }
};
#endif

// ---- The chooser ------------------------------------------------------------------------------

template <int kBits, int kGroup>
void ChooseCorrect(const Matrix& w, const uint8_t* strip, const uint8_t* in, size_t in_bytes,
                   int64_t n, float* out, uint8_t* scratch) {
  constexpr bool kOffset = kBits == 4 || V::kUnsignedBytes;
  constexpr Correct kPlain = !kOffset       ? Correct::kNone
                             : kGroup == 32 ? Correct::kZero
                                            : Correct::kMin;
  if (w.has_min) {
    IntStrip<kBits, kGroup, Correct::kMin>(w, strip, in, in_bytes, n, out, scratch);
  } else {
    IntStrip<kBits, kGroup, kPlain>(w, strip, in, in_bytes, n, out, scratch);
  }
}

void Strip(const Matrix& w, int64_t index, const uint8_t* in, size_t in_bytes, int64_t n,
           float* out, uint8_t* scratch) {
  const uint8_t* strip = w.data + index * w.strip_bytes;
  switch (w.cell) {
    case Cell::kInt4:
      return w.group == 32 ? ChooseCorrect<4, 32>(w, strip, in, in_bytes, n, out, scratch)
                           : ChooseCorrect<4, 16>(w, strip, in, in_bytes, n, out, scratch);
    case Cell::kInt8:
      return w.group == 32 ? ChooseCorrect<8, 32>(w, strip, in, in_bytes, n, out, scratch)
                           : ChooseCorrect<8, 16>(w, strip, in, in_bytes, n, out, scratch);
    case Cell::kF32:
      return FloatStrip<float>(w, strip, in, in_bytes, n, out);
    case Cell::kF16:
      return FloatStrip<HalfCell>(w, strip, in, in_bytes, n, out);
    case Cell::kBf16:
      return FloatStrip<BrainCell>(w, strip, in, in_bytes, n, out);
    case Cell::kBf16Pairs:
#ifdef ERATO_CPU_BF16
      ByRows<V::kFloatTokens>(n, PairTiles{strip, (w.cols + 1) / 2, in, in_bytes, out});
#endif
      return;
  }
}

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
