// The scales of q4_k and q5_k: eight pairs (scale, min) of 6 bits in 12 bytes. Pairs 0 … 3 have
// their low six bits in bytes 0 … 3 (scale) and 4 … 7 (min); pairs 4 … 7 have four bits each in
// bytes 8 … 11 (scale low, min high), and their upper two bits in the top of bytes 0 … 7.
#ifndef ERATO_CORE_FORMATS_K_SCALES_H_
#define ERATO_CORE_FORMATS_K_SCALES_H_

#include <algorithm>
#include <cstdint>

#include "core/base/half.h"
#include "core/formats/codec.h"

namespace erato {

struct KScales {
  int scale[8], min[8];  // 0 … 63
};

inline KScales UnpackKScales(const uint8_t (&packed)[12]) {
  KScales s;
  for (int i = 0; i < 4; ++i) {
    s.scale[i] = packed[i] & 63;
    s.min[i] = packed[i + 4] & 63;
    s.scale[i + 4] = (packed[i + 8] & 15) | (packed[i] >> 6) << 4;
    s.min[i + 4] = packed[i + 8] >> 4 | (packed[i + 4] >> 6) << 4;
  }
  return s;
}

inline void PackKScales(const KScales& s, uint8_t (&packed)[12]) {
  for (int i = 0; i < 4; ++i) {
    packed[i] = static_cast<uint8_t>(s.scale[i] | (s.scale[i + 4] >> 4) << 6);
    packed[i + 4] = static_cast<uint8_t>(s.min[i] | (s.min[i + 4] >> 4) << 6);
    packed[i + 8] = static_cast<uint8_t>((s.scale[i + 4] & 15) | (s.min[i + 4] & 15) << 4);
  }
}

/// A super-block of groups with a scale and a min each, both quantised to 0 … top under one f16:
/// group g is d · scale[g] · q − dmin · min[g] with q of 0 … levels.
template <int kGroups>
struct KAffine {
  uint16_t d, dmin;  // f16
  int scale[kGroups], min[kGroups];
  float step[kGroups], low[kGroups];  // what the quantised ones decode to: x ≈ step · q + low
};

template <int kGroups>
KAffine<kGroups> FitKAffine(const float* x, int group, int levels, int top) {
  KAffine<kGroups> fit = {};
  Affine exact[kGroups];
  float widest = 0, lowest = 0;
  for (int g = 0; g < kGroups; ++g) {
    exact[g] = FitAffine(x + g * group, group, levels);
    widest = std::max(widest, exact[g].scale);
    lowest = std::max(lowest, -exact[g].min);
  }
  fit.d = FloatToHalf(widest / static_cast<float>(top));
  fit.dmin = FloatToHalf(lowest / static_cast<float>(top));
  const float d = HalfToFloat(fit.d), dmin = HalfToFloat(fit.dmin);
  for (int g = 0; g < kGroups; ++g) {
    fit.scale[g] = Quantise(exact[g].scale * SafeReciprocal(d), 0, top);
    fit.min[g] = Quantise(-exact[g].min * SafeReciprocal(dmin), 0, top);
    fit.step[g] = d * static_cast<float>(fit.scale[g]);
    fit.low[g] = -(dmin * static_cast<float>(fit.min[g]));
  }
  return fit;
}

}  // namespace erato

#endif  // ERATO_CORE_FORMATS_K_SCALES_H_
