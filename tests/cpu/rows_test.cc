// What the kernels of every table do to single rows and to attention, against the C library and
// sums in double.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "core/base/half.h"
#include "core/cpu/scratch.h"
#include "tests/cpu/tables.h"

namespace erato::cpu {
namespace {

class RowKernels : public testing::TestWithParam<const Kernels*> {
 protected:
  std::vector<float> Random(size_t n, float loudness = 1) {
    std::normal_distribution<float> normal(0, loudness);
    std::vector<float> x(n);
    for (float& v : x) v = normal(random_);
    return x;
  }
  const Kernels& k() const { return *GetParam(); }
  std::mt19937 random_{1};
};

double Curved(Curve curve, double x) {
  switch (curve) {
    case Curve::kSilu:
      return x / (1 + std::exp(-x));
    case Curve::kGelu:
      return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Curve::kGeluTanh:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case Curve::kRelu:
      return std::max(x, 0.0);
    case Curve::kReluSquared:
      return std::max(x, 0.0) * std::max(x, 0.0);
    case Curve::kTanh:
      return std::tanh(x);
    case Curve::kNone:
      return x;
  }
  return 0;
}

TEST_P(RowKernels, Curves) {
  for (const Curve curve : {Curve::kSilu, Curve::kGelu, Curve::kGeluTanh, Curve::kRelu,
                            Curve::kReluSquared, Curve::kTanh, Curve::kNone}) {
    std::vector<float> gate, up;
    for (float x = -120; x <= 120; x += 0.37f) gate.push_back(x);
    for (float x = -1; x <= 1; x += 0.01f) gate.push_back(x);
    up = Random(gate.size());
    std::vector<float> gated(gate.size()), plain(gate.size());
    k().activate(curve, gate.data(), up.data(), static_cast<int64_t>(gate.size()), gated.data());
    k().activate(curve, nullptr, gate.data(), static_cast<int64_t>(gate.size()), plain.data());
    for (size_t i = 0; i < gate.size(); i++) {
      const double expected = Curved(curve, gate[i]);
      const double tolerance = 3e-6 * (std::fabs(expected) + 0.1);
      ASSERT_NEAR(plain[i], expected, tolerance) << "x " << gate[i];
      ASSERT_NEAR(gated[i], expected * up[i], tolerance * (1 + std::fabs(up[i])))
          << "x " << gate[i];
    }
  }
}

TEST_P(RowKernels, NothingHidesANaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              inf = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, inf, -inf}) {
    for (const size_t at : {0u, 13u, 40u}) {
      std::vector<float> x = Random(64), h(64);
      x[at] = bad;
      std::vector<uint8_t> row(RoundedRowBytes(64));
      k().round_row(x.data(), 64, row.data(), nullptr);
      EXPECT_FALSE(std::isfinite(reinterpret_cast<const float*>(row.data() + 64)[at / 32]));
      k().norm(NormKind::kRms, x.data(), 64, nullptr, nullptr, 1e-5f, h.data());
      EXPECT_TRUE(std::any_of(h.begin(), h.end(), [](float v) { return !std::isfinite(v); }) ||
                  std::isinf(bad));
      k().activate(Curve::kSilu, x.data(), x.data(), 64, h.data());
      EXPECT_FALSE(std::isfinite(h[at]));
    }
  }
}

TEST_P(RowKernels, Norms) {
  for (const size_t n : {1u, 5u, 16u, 33u, 576u}) {
    const std::vector<float> x = Random(n, 3), gain = Random(n), bias = Random(n);
    for (const NormKind kind : {NormKind::kRms, NormKind::kLayer}) {
      double mean = 0, squares = 0;
      for (const float v : x) mean += kind == NormKind::kLayer ? v / static_cast<double>(n) : 0;
      for (const float v : x) squares += (v - mean) * (v - mean) / static_cast<double>(n);
      std::vector<float> out(n);
      k().norm(kind, x.data(), static_cast<int64_t>(n), gain.data(), bias.data(), 1e-3f,
               out.data());
      for (size_t i = 0; i < n; i++) {
        ASSERT_NEAR(out[i], (x[i] - mean) / std::sqrt(squares + 1e-3) * gain[i] + bias[i], 2e-5);
      }
    }
  }
}

TEST_P(RowKernels, RoundingTwiceLeavesAlmostNothing) {
  for (const float loudness : {1e-30f, 1e-3f, 1.0f, 1e5f}) {
    const std::vector<float> x = Random(96, loudness);
    std::vector<uint8_t> row(RoundedRowBytes(96));
    std::vector<float> rest(96);
    k().round_row(x.data(), 96, row.data(), rest.data());
    const float* scale = reinterpret_cast<const float*>(row.data() + 96);
    for (size_t b = 0; b < 3; b++) {
      int sum = 0, half = 0;
      float top = 0;
      for (size_t i = b * 32; i < b * 32 + 32; i++) {
        const int q = static_cast<int8_t>(row[i]);
        top = std::max(top, std::fabs(x[i]));
        sum += q;
        if (i < b * 32 + 16) half += q;
        ASSERT_GE(q, -127);
        ASSERT_LE(std::fabs(x[i] - scale[b] * static_cast<float>(q)), scale[b] * 0.5001f);
        ASSERT_NEAR(rest[i], x[i] - scale[b] * static_cast<float>(q), 1e-6f * top);
      }
      ASSERT_FLOAT_EQ(scale[b], top / 127);
      ASSERT_FLOAT_EQ(scale[3 + b], scale[b] * static_cast<float>(sum));
      ASSERT_FLOAT_EQ(scale[6 + 2 * b], scale[b] * static_cast<float>(half));
      ASSERT_FLOAT_EQ(scale[6 + 2 * b + 1], scale[b] * static_cast<float>(sum - half));
      const int32_t* zero = reinterpret_cast<const int32_t*>(scale + 12);
      ASSERT_EQ(zero[b], -8 * sum);
      ASSERT_EQ(zero[3 + b], -128 * sum);
    }
  }
}

TEST_P(RowKernels, HalvesRoundAsTheCodecDoes) {
  std::vector<float> x = {0,    -0.0f, 1,        65504,    65519,      65520,
                          1e6f, -1e9f, 0x1p-24f, 0x1p-25f, 0x1.8p-25f, 0x1p-14f};
  for (int i = 0; i < 3000; i++)
    x.push_back(std::ldexp(Random(1)[0], static_cast<int>(random_() % 44) - 28));
  std::vector<uint16_t> halves(x.size());
  k().to_half(x.data(), static_cast<int64_t>(x.size()), halves.data());
  for (size_t i = 0; i < x.size(); i++) ASSERT_EQ(halves[i], FloatToHalf(x[i])) << x[i];
}

TEST_P(RowKernels, Bfloat16RoundsAsTheCodecDoes) {
  if (k().round_row_bf16 == nullptr) GTEST_SKIP() << k().name << " has no sums of bfloat16";
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              inf = std::numeric_limits<float>::infinity();
  std::vector<float> x = {0,   -0.0f, 1,           0x1.01p0f, 0x1.03p0f, 0x1.0100002p0f,
                          inf, -inf,  0x1.fep127f, 3.4e38f,   -3.4e38f,  nan};
  for (int i = 0; i < 3000; i++)
    x.push_back(std::ldexp(Random(1)[0], static_cast<int>(random_() % 200) - 100));
  for (const size_t n : {1u, 2u, 15u, 16u, 17u, 33u, 3012u}) {
    std::vector<uint16_t> row(n + 2, 7);
    std::vector<float> rest(n);
    k().round_row_bf16(x.data(), static_cast<int64_t>(n), row.data(), rest.data());
    for (size_t i = 0; i < n; i++) {
      const float kept = Bf16ToFloat(row[i]);
      if (std::isnan(x[i])) {
        ASSERT_TRUE(std::isnan(kept));
      } else {
        ASSERT_EQ(row[i], FloatToBf16(x[i])) << x[i];
      }
      if (std::isfinite(kept)) {
        ASSERT_EQ(rest[i], x[i] - kept);
      }
    }
    ASSERT_EQ(row[n], n % 2 == 0 ? 7 : 0) << "what stands after the last";
    ASSERT_EQ(row[n + 1], 7);
    // In place: the rest may take the place of the row.
    std::vector<float> same(x.begin(), x.begin() + static_cast<int64_t>(n));
    k().round_row_bf16(same.data(), static_cast<int64_t>(n), row.data(), same.data());
    for (size_t i = 0; i < n; i++)
      if (std::isfinite(same[i])) {
        ASSERT_EQ(same[i], rest[i]);
      }
  }
}

TEST_P(RowKernels, SoftCapAndRotation) {
  std::vector<float> y = Random(50, 40), before = y;
  k().soft_cap(y.data(), 50, 30);
  for (size_t i = 0; i < y.size(); i++) ASSERT_NEAR(y[i], 30 * std::tanh(before[i] / 30.0), 1e-5);
  for (const size_t pairs : {1u, 8u, 19u, 32u}) {
    std::vector<float> x = Random(2 * pairs), c = Random(pairs), s = Random(pairs);
    const std::vector<float> was = x;
    k().rotate_half(x.data(), c.data(), s.data(), static_cast<int64_t>(pairs));
    for (size_t p = 0; p < pairs; p++) {
      ASSERT_NEAR(x[p], was[p] * c[p] - was[pairs + p] * s[p], 1e-5);
      ASSERT_NEAR(x[pairs + p], was[pairs + p] * c[p] + was[p] * s[p], 1e-5);
    }
  }
}

/// A page of keys and values, as kept and as numbers.
struct Page {
  std::vector<uint16_t> halves;
  std::vector<float> values;
};

TEST_P(RowKernels, Attention) {
  constexpr int kPages = 3;
  for (const int32_t width : {4, 16, 40, 64}) {
    for (const auto& [n, wide] : {std::pair{1, false},
                                  {2, false},
                                  {3, false},
                                  {4, false},
                                  {5, false},
                                  {6, false},
                                  {7, false},
                                  {11, false},
                                  {1, true},
                                  {3, true},
                                  {7, true}}) {
      const auto floats = static_cast<size_t>(width * 32);
      std::vector<Page> memory(kPages);
      std::vector<const uint8_t*> pages;
      for (Page& page : memory) {
        page.values = Random(2 * floats);
        page.halves.resize(2 * floats);
        k().to_half(page.values.data(), static_cast<int64_t>(2 * floats), page.halves.data());
        for (size_t i = 0; !wide && i < 2 * floats; i++)
          page.values[i] = HalfToFloat(page.halves[i]);
        pages.push_back(wide ? reinterpret_cast<const uint8_t*>(page.values.data())
                             : reinterpret_cast<const uint8_t*>(page.halves.data()));
      }
      const int32_t blocks[kPages] = {2, 0, 1};
      std::vector<float> q = Random(static_cast<size_t>(n * width), 0.5f);
      std::vector<int32_t> first, last;
      for (int32_t i = 0; i < n; i++) {
        last.push_back(static_cast<int32_t>(random_() % 90));
        first.push_back(static_cast<int32_t>(random_() % static_cast<uint32_t>(last.back() + 1)));
      }
      std::vector<float> scores(static_cast<size_t>(n) * 32), o(q.size()), top(first.size()),
          sum(first.size());
      const AttendTile tile = {q.data(),
                               first.data(),
                               last.data(),
                               n,
                               width,
                               width,
                               *std::min_element(first.begin(), first.end()),
                               *std::max_element(last.begin(), last.end()) + 1,
                               pages.data(),
                               blocks,
                               0,
                               floats * (wide ? sizeof(float) : sizeof(uint16_t)),
                               wide,
                               scores.data(),
                               o.data(),
                               top.data(),
                               sum.data()};
      k().attend(tile);
      for (int32_t i = 0; i < n; i++) {
        std::vector<double> expected(static_cast<size_t>(width));
        double total = 0;
        for (int32_t p = first[static_cast<size_t>(i)]; p <= last[static_cast<size_t>(i)]; p++) {
          const std::vector<float>& page = memory[static_cast<size_t>(blocks[p / 32])].values;
          double s = 0;
          for (int32_t e = 0; e < width; e++)
            s += q[static_cast<size_t>(i * width + e)] * page[static_cast<size_t>(e * 32 + p % 32)];
          total += std::exp(s);
          for (int32_t c = 0; c < width; c++)
            expected[static_cast<size_t>(c)] +=
                std::exp(s) * page[floats + static_cast<size_t>(p % 32 * width + c)];
        }
        for (int32_t c = 0; c < width; c++)
          ASSERT_NEAR(o[static_cast<size_t>(i * width + c)] / sum[static_cast<size_t>(i)],
                      expected[static_cast<size_t>(c)] / total, 2e-5)
              << "width " << width << ", query " << i << " of " << n;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, RowKernels, testing::ValuesIn(Tables()), TableName);

}  // namespace
}  // namespace erato::cpu
