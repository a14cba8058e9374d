// Checked arithmetic and small floating-point formats, the latter over all 65,536 values.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "core/base/checked.h"
#include "core/base/half.h"
#include "gtest/gtest.h"
#ifdef __SSE__
#include <xmmintrin.h>
#endif

namespace erato {
namespace {

TEST(CheckedTest, SaysWhenASumDoesNotFit) {
  uint64_t u = 0;
  EXPECT_TRUE(CheckedAdd<uint64_t>(UINT64_MAX - 1, 1, &u));
  EXPECT_EQ(u, UINT64_MAX);
  EXPECT_FALSE(CheckedAdd<uint64_t>(UINT64_MAX, 1, &u));
  int64_t i = 0;
  EXPECT_FALSE(CheckedAdd<int64_t>(INT64_MAX, 1, &i));
  EXPECT_FALSE(CheckedAdd<int64_t>(INT64_MIN, -1, &i));
}

TEST(CheckedTest, SaysWhenAProductDoesNotFit) {
  uint64_t u = 0;
  EXPECT_TRUE(CheckedMul<uint64_t>(uint64_t{1} << 32, (uint64_t{1} << 32) - 1, &u));
  EXPECT_FALSE(CheckedMul<uint64_t>(uint64_t{1} << 32, uint64_t{1} << 32, &u)) << "wraps to 0";
  int64_t i = 0;
  EXPECT_FALSE(CheckedMul<int64_t>(int64_t{1} << 32, int64_t{1} << 31, &i));
  EXPECT_FALSE(CheckedMul<int64_t>(INT64_MIN, -1, &i));
}

TEST(CheckedTest, SaysWhenRoundingUpDoesNotFit) {
  uint64_t u = 0;
  EXPECT_TRUE(CheckedAlignUp(33, 32, &u));
  EXPECT_EQ(u, 64u);
  EXPECT_TRUE(CheckedAlignUp(UINT64_MAX - 31, 32, &u));
  EXPECT_EQ(u, UINT64_MAX - 31);
  EXPECT_FALSE(CheckedAlignUp(UINT64_MAX - 30, 32, &u)) << "wraps to 0";
}

TEST(HalfTest, EveryHalfSurvives) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = HalfToFloat(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(HalfToFloat(FloatToHalf(value)))) << bits;
    } else {
      EXPECT_EQ(FloatToHalf(value), half) << bits;
    }
  }
}

// The meaning, from the definition of binary16.
double MeaningOfHalf(uint16_t half) {
  const int exponent = (half >> 10) & 31, mantissa = half & 1023;
  const double magnitude = exponent == 31  ? (mantissa == 0 ? INFINITY : NAN)
                           : exponent == 0 ? std::ldexp(mantissa, -24)
                                           : std::ldexp(1024 + mantissa, exponent - 25);
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(HalfTest, MeansWhatItSays) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const double expected = MeaningOfHalf(static_cast<uint16_t>(bits));
    const float got = HalfToFloat(static_cast<uint16_t>(bits));
    EXPECT_TRUE(got == expected || (std::isnan(got) && std::isnan(expected))) << bits;
  }
}

// Between each two neighbours: a little below the middle, the middle (to even), a little above.
TEST(HalfTest, RoundsToNearestTiesToEven) {
  for (uint16_t half = 0; half < 0x7bff; ++half) {
    const auto next = static_cast<uint16_t>(half + 1);
    const float middle = (HalfToFloat(half) + HalfToFloat(next)) / 2;  // exact: one more bit
    EXPECT_EQ(FloatToHalf(middle), half % 2 == 0 ? half : next);
    EXPECT_EQ(FloatToHalf(std::nextafterf(middle, 0)), half);
    EXPECT_EQ(FloatToHalf(std::nextafterf(middle, INFINITY)), next);
    EXPECT_EQ(FloatToHalf(-std::nextafterf(middle, INFINITY)), next | 0x8000);
  }
  EXPECT_EQ(FloatToHalf(65504), 0x7bff);
  EXPECT_EQ(FloatToHalf(65519.996f), 0x7bff);
  EXPECT_EQ(FloatToHalf(65520), 0x7c00);
  EXPECT_EQ(FloatToHalf(1e30f), 0x7c00);
  EXPECT_EQ(FloatToHalf(-INFINITY), 0xfc00);
  EXPECT_EQ(FloatToHalf(1e-30f), 0);
}

#ifdef __SSE__
// A host may have told its processor to treat subnormals as zero: weights are none of its business.
TEST(HalfTest, TheHostsFloatingPointModeDoesNotMatter) {
  const unsigned mode = _mm_getcsr();
  int wrong = 0;
  for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
    _mm_setcsr(mode | 0x8040);  // flush to zero, denormals are zero
    const float value = HalfToFloat(static_cast<uint16_t>(bits));
    const uint16_t back = FloatToHalf(value);
    _mm_setcsr(mode);
    wrong += (value != MeaningOfHalf(static_cast<uint16_t>(bits)) || back != bits) ? 1 : 0;
  }
  EXPECT_EQ(wrong, 0);
}
#endif

TEST(Bf16Test, EveryOneSurvives) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const float value = Bf16ToFloat(static_cast<uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(Bf16ToFloat(FloatToBf16(value)))) << bits;
    } else {
      EXPECT_EQ(FloatToBf16(value), bits);
    }
  }
}

TEST(Bf16Test, RoundsToNearestTiesToEven) {
  for (uint16_t low = 0; low < 0x7f7f; ++low) {
    const auto next = static_cast<uint16_t>(low + 1);
    const float middle = std::bit_cast<float>(static_cast<uint32_t>(low) << 16 | 0x8000);
    EXPECT_EQ(FloatToBf16(middle), low % 2 == 0 ? low : next);
    EXPECT_EQ(FloatToBf16(std::nextafterf(middle, 0)), low);
    EXPECT_EQ(FloatToBf16(std::nextafterf(middle, INFINITY)), next);
  }
  EXPECT_EQ(FloatToBf16(std::numeric_limits<float>::max()), 0x7f80) << "rounds to infinity";
  EXPECT_TRUE(std::isnan(Bf16ToFloat(FloatToBf16(std::bit_cast<float>(0x7f800001u)))))
      << "a payload in the low half";
}

TEST(E8m0Test, IsAPowerOfTwo) {
  for (int e = 0; e < 255; ++e) {
    EXPECT_EQ(E8m0ToFloat(static_cast<uint8_t>(e)), std::ldexp(1.0, e - 127)) << e;
    EXPECT_EQ(FloatToE8m0(E8m0ToFloat(static_cast<uint8_t>(e))), e);
  }
  EXPECT_TRUE(std::isnan(E8m0ToFloat(255)));
  EXPECT_EQ(FloatToE8m0(1.99f), 127);
}

}  // namespace
}  // namespace erato
