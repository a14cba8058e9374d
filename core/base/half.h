// Small floating-point formats, one number at a time; narrowing rounds to nearest, ties to even.
//   f16   IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits
//   bf16  the upper half of a binary32
//   e8m0  a bare exponent, 2^(e-127), 255 = NaN (OCP Microscaling Formats v1.0, section 5.4.1)
#ifndef ERATO_CORE_BASE_HALF_H_
#define ERATO_CORE_BASE_HALF_H_

#include <bit>
#include <cstdint>

namespace erato {

inline float HalfToFloat(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t rest = half & 0x7fff;
  // Zero or subnormal: mantissa · 2^-24, exact in binary32, and no binary32 subnormal that a host's
  // FP mode could flush.
  const uint32_t small =
      std::bit_cast<uint32_t>(static_cast<float>(static_cast<int32_t>(rest)) * 0x1p-24f);
  const uint32_t normal = (rest << 13) + ((127 - 15) << 23);
  const uint32_t special = rest << 13 | 0x7f800000;
  return std::bit_cast<float>(sign | (rest < 0x400 ? small : rest < 0x7c00 ? normal : special));
}

inline uint16_t FloatToHalf(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint16_t sign = static_cast<uint16_t>((bits >> 16) & 0x8000);
  const uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) {  // NaN: quiet, upper payload kept
    return static_cast<uint16_t>(sign | 0x7e00 | ((magnitude >> 13) & 0x1ff));
  }
  if (magnitude >= 0x477ff000) return sign | 0x7c00;  // 65520 and above round to infinity
  if (magnitude < 0x38800000) {                       // below 2^-14: subnormal or zero
    // Adding 0.5 aligns the value so that its last bit weighs 2^-24: the adder does the rounding.
    const float aligned = std::bit_cast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(aligned) - 0x3f000000));
  }
  const uint32_t odd = (magnitude >> 13) & 1;
  return static_cast<uint16_t>(sign | ((magnitude - ((127 - 15) << 23) + 0xfff + odd) >> 13));
}

inline float Bf16ToFloat(uint16_t value) {
  return std::bit_cast<float>(static_cast<uint32_t>(value) << 16);
}

inline uint16_t FloatToBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return static_cast<uint16_t>(bits >> 16 | 0x40);  // quiet NaN
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

inline float E8m0ToFloat(uint8_t exponent) {
  if (exponent == 0) return 0x1p-127f;
  if (exponent == 255) return std::bit_cast<float>(0x7fc00000u);
  return std::bit_cast<float>(static_cast<uint32_t>(exponent) << 23);
}

/// The largest power of two that is not above `value`, clamped to the format's range; value > 0 and
/// finite.
inline uint8_t FloatToE8m0(float value) {
  return static_cast<uint8_t>(std::bit_cast<uint32_t>(value) >>
                              23);  // subnormals give 0, which is 2^-127
}

}  // namespace erato

#endif  // ERATO_CORE_BASE_HALF_H_
