// What happens to one row of activations between matrices: norms, curves, rounding to bytes,
// rotation.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

/// exp(x) for x ≤ 88, relative error below 2e-7: x = n·ln 2 + r, |r| ≤ ln 2 / 2, exp(r) by its
/// Taylor polynomial, scaled by 2^n. NaN stays NaN.
ERATO_INLINE V::F Exp(V::F x) {
  const V::F clamped = V::Max(V::Set(-87.3f), V::Min(V::Set(88.0f), x));
  const V::I n = V::Nearest(V::Mul(clamped, V::Set(0x1.715476p+0f)));
  const V::F nf = V::ToFloat(n);
  V::F r = V::Fma(nf, V::Set(-0x1.62e4p-1f), clamped);
  r = V::Fma(nf, V::Set(-0x1.7f7d1cp-20f), r);
  V::F p = V::Set(1.0f / 5040);
  p = V::Fma(p, r, V::Set(1.0f / 720));
  p = V::Fma(p, r, V::Set(1.0f / 120));
  p = V::Fma(p, r, V::Set(1.0f / 24));
  p = V::Fma(p, r, V::Set(1.0f / 6));
  p = V::Fma(p, r, V::Set(0.5f));
  p = V::Fma(p, r, V::Set(1.0f));
  p = V::Fma(p, r, V::Set(1.0f));
  return V::Mul(p, V::FromBits(V::Shl23(V::AddInt(n, V::SetInt(127)))));
}

ERATO_INLINE V::F Sigmoid(V::F x) {
  // x − x is 0, or NaN where x is not finite: an activation that ran away must stay visible.
  const V::F e = Exp(V::Sub(V::Zero(), x));
  return V::Div(V::Set(1), V::Add(V::Add(V::Set(1), e), V::Sub(x, x)));
}
ERATO_INLINE V::F Tanh(V::F x) { return V::Fma(V::Set(2), Sigmoid(V::Add(x, x)), V::Set(-1)); }

/// erf, absolute error below 2e-7 (Abramowitz and Stegun, 7.1.26).
ERATO_INLINE V::F Erf(V::F x) {
  const V::F a = V::Abs(x);
  const V::F t = V::Div(V::Set(1), V::Fma(a, V::Set(0.3275911f), V::Set(1)));
  V::F p = V::Set(1.061405429f);
  p = V::Fma(p, t, V::Set(-1.453152027f));
  p = V::Fma(p, t, V::Set(1.421413741f));
  p = V::Fma(p, t, V::Set(-0.284496736f));
  p = V::Fma(p, t, V::Set(0.254829592f));
  const V::F e = Exp(V::Sub(V::Zero(), V::Mul(a, a)));
  const V::F y = V::Sub(V::Set(1), V::Mul(V::Mul(p, t), e));
  return V::Mul(y, V::Div(x, V::Max(a, V::Set(1e-30f))));
}

/// f over n values, the last few through a padded copy.
template <class F>
ERATO_INLINE void Map(const float* a, const float* b, int64_t n, float* out, F f) {
  int64_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) V::Store(out + i, f(V::Load(a + i), V::Load(b + i)));
  if (i == n) return;
  float rest[2][V::kLanes] = {};
  memcpy(rest[0], a + i, (n - i) * sizeof(float));
  memcpy(rest[1], b + i, (n - i) * sizeof(float));
  V::Store(rest[0], f(V::Load(rest[0]), V::Load(rest[1])));
  memcpy(out + i, rest[0], (n - i) * sizeof(float));
}

/// Σ f(x) over n values.
template <class F>
ERATO_INLINE float SumOf(const float* x, int64_t n, F f) {
  V::F s = V::Zero();
  int64_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) s = V::Add(s, f(V::Load(x + i)));
  float total = V::Sum(s);
  for (; i < n; i++) {
    float one[V::kLanes];
    V::Store(one, f(V::Set(x[i])));
    total += one[0];
  }
  return total;
}

void Norm(NormKind kind, const float* x, int64_t n, const float* gain, const float* bias, float eps,
          float* out) {
  float mean = 0, scale = 1;
  if (kind == NormKind::kLayer) {
    mean = SumOf(x, n, [](V::F a) { return a; }) / static_cast<float>(n);
  }
  if (kind != NormKind::kNone) {
    const float squares = SumOf(x, n, [mean](V::F a) {
      const V::F d = V::Sub(a, V::Set(mean));
      return V::Mul(d, d);
    });
    scale = 1 / __builtin_sqrtf(squares / static_cast<float>(n) + eps);
  }
  const auto centred = [mean, scale](V::F a) {
    return V::Mul(V::Sub(a, V::Set(mean)), V::Set(scale));
  };
  if (gain != nullptr) {
    Map(x, gain, n, out, [&](V::F a, V::F g) { return V::Mul(centred(a), g); });
  } else {
    Map(x, x, n, out, [&](V::F a, V::F) { return centred(a); });
  }
  if (bias != nullptr) Map(out, bias, n, out, [](V::F a, V::F b) { return V::Add(a, b); });
}

void AddScaled(float* x, const float* y, int64_t n, float scale) {
  Map(x, y, n, x, [scale](V::F a, V::F b) { return V::Fma(V::Set(scale), b, a); });
}

template <class F>
ERATO_INLINE void Curved(const float* gate, const float* up, int64_t n, float* h, F curve) {
  if (gate != nullptr) {
    Map(gate, up, n, h, [&](V::F g, V::F u) { return V::Mul(curve(g), u); });
  } else {
    Map(up, up, n, h, [&](V::F u, V::F) { return curve(u); });
  }
}

void ActivateRow(Curve curve, const float* gate, const float* up, int64_t n, float* h) {
  switch (curve) {
    case Curve::kSilu:
      return Curved(gate, up, n, h, [](V::F x) { return V::Mul(x, Sigmoid(x)); });
    case Curve::kGelu:
      return Curved(gate, up, n, h, [](V::F x) {
        const V::F half = V::Mul(x, V::Set(0.5f));
        return V::Fma(half, Erf(V::Mul(x, V::Set(0.70710678f))), half);
      });
    case Curve::kGeluTanh:  // ½x(1 + tanh u) = x · sigmoid(2u), u = √(2/π)(x + 0.044715 x³)
      return Curved(gate, up, n, h, [](V::F x) {
        const V::F cube = V::Mul(V::Mul(x, x), x);
        const V::F u = V::Mul(V::Fma(cube, V::Set(0.044715f), x), V::Set(0.79788456f));
        return V::Mul(x, Sigmoid(V::Add(u, u)));
      });
    case Curve::kRelu:
      return Curved(gate, up, n, h, [](V::F x) { return V::Max(V::Zero(), x); });
    case Curve::kReluSquared:
      return Curved(gate, up, n, h, [](V::F x) {
        const V::F r = V::Max(V::Zero(), x);
        return V::Mul(r, r);
      });
    case Curve::kTanh:
      return Curved(gate, up, n, h, [](V::F x) { return Tanh(x); });
    case Curve::kNone:
      return Curved(gate, up, n, h, [](V::F x) { return x; });
  }
}

void SoftCap(float* y, int64_t n, float cap) {
  Map(y, y, n, y,
      [cap](V::F a, V::F) { return V::Mul(V::Set(cap), Tanh(V::Div(a, V::Set(cap)))); });
}

void RotateHalf(float* x, const float* cosine, const float* sine, int64_t pairs) {
  int64_t p = 0;
  for (; p + V::kLanes <= pairs; p += V::kLanes) {
    const V::F a = V::Load(x + p), b = V::Load(x + pairs + p), c = V::Load(cosine + p),
               s = V::Load(sine + p);
    V::Store(x + p, V::Sub(V::Mul(a, c), V::Mul(b, s)));
    V::Store(x + pairs + p, V::Add(V::Mul(b, c), V::Mul(a, s)));
  }
  for (; p < pairs; p++) {
    const float a = x[p], b = x[pairs + p];
    x[p] = a * cosine[p] - b * sine[p];
    x[pairs + p] = b * cosine[p] + a * sine[p];
  }
}

void ToHalf(const float* x, int64_t n, uint16_t* out) {
  int64_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) V::StoreHalf(out + i, V::Load(x + i));
  if (i == n) return;
  float rest[V::kLanes] = {};
  uint16_t halves[V::kLanes];
  memcpy(rest, x + i, (n - i) * sizeof(float));
  V::StoreHalf(halves, V::Load(rest));
  memcpy(out + i, halves, (n - i) * sizeof(uint16_t));
}

/// The greatest magnitude is found by comparing bit patterns: as integers, NaN and infinity are
/// above every number, so that a block which holds one gets a scale that is not finite, and so do
/// all sums that it enters.
constexpr int32_t kInfinityBits = 0x7f800000;

void RoundRow(const float* x, int64_t cols, uint8_t* row, float* rest) {
  constexpr int kParts = 32 / V::kLanes;
  const int64_t blocks = cols / 32;
  int8_t* q = reinterpret_cast<int8_t*>(row);
  float* scales = reinterpret_cast<float*>(row + cols);
  int32_t* zero8 = reinterpret_cast<int32_t*>(scales + 4 * blocks);
  for (int64_t b = 0; b < blocks; b++) {
    V::I top = V::SetInt(0);
    for (int i = 0; i < kParts; i++)
      top = V::MaxInt(top, V::Bits(V::Abs(V::Load(x + b * 32 + i * V::kLanes))));
    int32_t lanes[V::kLanes], greatest = 0;
    V::StoreBytes(reinterpret_cast<uint8_t*>(lanes), top);
    for (int i = 0; i < V::kLanes; i++) greatest = lanes[i] > greatest ? lanes[i] : greatest;
    float amax;
    memcpy(&amax, &greatest, sizeof amax);
    const float scale = amax / 127, inverse = scale > 1e-38f ? 1 / scale : 0;
    int32_t sum[2] = {0, 0};
    if (greatest >= kInfinityBits) {
      memset(q + b * 32, 0, 32);
    } else {
      for (int half = 0; half < 2; half++) {
        V::I s = V::SetInt(0);
        for (int i = half * kParts / 2; i < (half + 1) * kParts / 2; i++) {
          const V::F a = V::Load(x + b * 32 + i * V::kLanes);
          const V::I n = V::Nearest(V::Mul(a, V::Set(inverse)));
          V::StoreInt8(q + b * 32 + i * V::kLanes, n);
          if (rest != nullptr) {
            V::Store(rest + b * 32 + i * V::kLanes,
                     V::Sub(a, V::Mul(V::ToFloat(n), V::Set(scale))));
          }
          s = V::AddInt(s, n);
        }
        sum[half] = V::SumInt(s);
      }
    }
    scales[b] = scale;
    scales[blocks + b] = scale * static_cast<float>(sum[0] + sum[1]);
    scales[2 * blocks + 2 * b] = scale * static_cast<float>(sum[0]);
    scales[2 * blocks + 2 * b + 1] = scale * static_cast<float>(sum[1]);
    zero8[b] = -8 * (sum[0] + sum[1]);
    zero8[blocks + b] = -128 * (sum[0] + sum[1]);
  }
}

#ifdef ERATO_CPU_BF16
void RoundRowBf16(const float* x, int64_t cols, uint16_t* row, float* rest) {
  int64_t i = 0;
  const auto some = [&](const float* from, uint16_t* to, float* left) {
    const V::F a = V::Load(from);
    V::StoreBrain(to, a);
    if (left != nullptr) V::Store(left, V::Sub(a, V::LoadBrain(to)));
  };
  for (; i + V::kLanes <= cols; i += V::kLanes)
    some(x + i, row + i, rest == nullptr ? nullptr : rest + i);
  float last[V::kLanes] = {}, left[V::kLanes];
  uint16_t rounded[V::kLanes];
  memcpy(last, x + i, (cols - i) * sizeof(float));
  some(last, rounded, left);
  memcpy(row + i, rounded, ((cols - i + 1) / 2 * 2) * sizeof(uint16_t));
  if (rest != nullptr) memcpy(rest + i, left, (cols - i) * sizeof(float));
}
#endif

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
