// Functions of the sampler that give the same bits on every machine.
//
// Libraries round exponentials and logarithms differently, and one differing bit can turn a draw.
// Here both are IEEE double additions, multiplications and divisions in a fixed order (the build
// forbids contraction). Randomness is a function of (seed, draw, purpose) instead of a state that
// is carried along, so a step that is run again draws the same.
#ifndef ERATO_CORE_ENGINE_EXACT_H_
#define ERATO_CORE_ENGINE_EXACT_H_

#include <bit>
#include <cstdint>

namespace erato {

constexpr double kLn2 = 0.69314718055994530942;

/// e^x for x <= 0, within 2 units in the last place: x = n·ln2 + r, e^r by its Taylor series. From
/// -700 on it stays at 1e-304, which is nothing beside the likeliest token's 1. Without branches or
/// conversions, so that a compiler computes several at a time.
inline double Exp(double x) {
  constexpr double kRound = 6755399441055744.0;  // 1.5 · 2^52: adding it rounds to a whole number
  double bounded = x > -700 ? x : -700;
  double rounded = bounded * 1.4426950408889634 + kRound;
  double n = rounded - kRound;
  double r = (bounded - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double sum = 1.0 / 6227020800;  // 1/13!, and so on down
  sum = sum * r + 1.0 / 479001600;
  sum = sum * r + 1.0 / 39916800;
  sum = sum * r + 1.0 / 3628800;
  sum = sum * r + 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 1.0 / 2;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  // The low bits of `rounded` hold n: shifted into the exponent they make 2^n.
  uint64_t power = (std::bit_cast<uint64_t>(rounded) + 1023) << 52;
  return sum * std::bit_cast<double>(power);
}

/// ln x for a normal x > 0: x = m·2^e with m in [√½, √2), and ln m = 2·artanh((m-1)/(m+1)).
inline double Log(double x) {
  uint64_t bits = std::bit_cast<uint64_t>(x);
  // Counted from √½'s bits, whole exponents are left over above the mantissa.
  uint64_t shifted = bits - 0x3fe6a09e667f3bcd;
  int64_t e = static_cast<int64_t>(shifted) >> 52;
  double m = std::bit_cast<double>(bits - (static_cast<uint64_t>(e) << 52));
  double s = (m - 1) / (m + 1), square = s * s, sum = 0;
  for (int k = 23; k >= 1; k -= 2) sum = sum * square + 1.0 / k;  // |s| <= 0.172
  return static_cast<double>(e) * kLn2 + 2 * s * sum;
}

/// x^y for x in [0, 1], y >= 0.
inline double Power(double x, double y) {
  if (y == 0) return 1;
  return x < 1e-300 ? 0 : Exp(y * Log(x));
}

/// The mixing function of SplitMix64 (Steele, Lea, Flood 2014).
inline uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Uniform in [0, 1), a function of its arguments: one stream of draws a purpose.
inline double Uniform(uint64_t seed, uint64_t draw, uint64_t purpose) {
  constexpr uint64_t kGolden = 0x9e3779b97f4a7c15;
  uint64_t stream = Mix(seed + kGolden);
  if (purpose != 0) stream = Mix(stream ^ Mix(purpose * kGolden));
  return static_cast<double>(Mix(stream + (draw + 1) * kGolden) >> 11) * 0x1p-53;
}

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_EXACT_H_
