// float16 and bfloat16 as bits, one value at a time.
#ifndef ERATO_CORE_CPU_HALF_H_
#define ERATO_CORE_CPU_HALF_H_

#include <bit>
#include <cstdint>

namespace erato::cpu {

inline float FromHalf(uint16_t h) {
  const uint32_t magnitude = (h & 0x7fffu) << 13;
  const float scaled = std::bit_cast<float>(magnitude) *
                       0x1p112f;  // rebiases the exponent, exact for subnormals too
  const uint32_t special = magnitude >= 0x0f800000u ? 0x7f800000u : 0u;
  return std::bit_cast<float>(std::bit_cast<uint32_t>(scaled) | special | (h & 0x8000u) << 16);
}

inline float FromBrain(uint16_t b) { return std::bit_cast<float>(static_cast<uint32_t>(b) << 16); }
/// Exact where x came from bfloat16.
inline uint16_t ToBrain(float x) { return static_cast<uint16_t>(std::bit_cast<uint32_t>(x) >> 16); }

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_HALF_H_
