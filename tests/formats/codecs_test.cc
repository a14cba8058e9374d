// Every weight format, enumerated: decoding against golden blocks of the reference, the integer
// form against decoding, encoding by its error.
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/base/half.h"
#include "core/formats/format.h"
#include "gtest/gtest.h"
#include "tests/support/golden.h"

namespace erato {
namespace {

class CodecTest : public testing::TestWithParam<Format> {
 protected:
  const FormatInfo& info_ = InfoOf(GetParam());
  std::mt19937 random_{20};

  // Random bytes; the exponents of f16 and f32 fields, wherever they lie, may be anything.
  std::vector<uint8_t> RandomBlocks(int count) {
    std::vector<uint8_t> bytes(static_cast<size_t>(count * info_.block_bytes));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random_());
    return bytes;
  }

  std::vector<float> Decode(const std::vector<uint8_t>& blocks) const {
    const auto n = static_cast<int64_t>(blocks.size()) / info_.block_bytes * info_.block_values;
    std::vector<float> values(static_cast<size_t>(n));
    info_.decode(blocks.data(), n, values.data());
    return values;
  }

  std::vector<uint8_t> Encode(const std::vector<float>& values) const {
    const auto n = static_cast<int64_t>(values.size());
    std::vector<uint8_t> blocks(static_cast<size_t>(BytesOf(GetParam(), n)));
    info_.encode(values.data(), n, blocks.data());
    return blocks;
  }

  std::vector<float> Normal(int n, float scale) {
    std::normal_distribution<float> normal(0, scale);
    std::vector<float> values(static_cast<size_t>(n));
    for (float& value : values) value = normal(random_);
    return values;
  }
};

double RootMeanSquare(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * static_cast<double>(a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

bool SameFloat(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(FormatTest, TableIsConsistent) {
  for (const Format format : AllFormats()) {
    const FormatInfo& info = InfoOf(format);
    SCOPED_TRACE(info.name);
    EXPECT_GT(info.block_values, 0);
    EXPECT_GT(info.block_bytes, 0);
    EXPECT_NE(info.decode, nullptr);
    EXPECT_NE(info.encode, nullptr);
    EXPECT_EQ(info.decode_integer != nullptr, info.integer.group > 0);
    if (info.integer.group > 0) {
      EXPECT_EQ(info.block_values % info.integer.group, 0);
      EXPECT_GE(info.integer.q_min, -128);
      EXPECT_LE(info.integer.q_max, 127);
    }
    EXPECT_EQ(FormatOfGgufType(info.gguf_type), format);
    if (*info.safetensors_name != '\0') {
      EXPECT_EQ(FormatOfSafetensorsName(info.safetensors_name), format);
    }
    EXPECT_EQ(BytesOf(format, 3 * info.block_values), 3 * info.block_bytes);
  }
  EXPECT_EQ(FormatOfSafetensorsName(""), std::nullopt);
  EXPECT_EQ(FormatOfSafetensorsName("I32"), std::nullopt);
  for (const int removed : {-1, 4, 5, 31, 32, 33, 36, 37, 38, 40, 1 << 30}) {
    EXPECT_EQ(FormatOfGgufType(removed), std::nullopt) << removed;
  }
}

TEST_P(CodecTest, DecodesGoldenBlocks) {
  static const auto golden = test::ReadArrays(ERATO_TEST_DATA "/formats/blocks.safetensors");
  const auto blocks = golden.find(std::string(info_.name) + ".blocks");
  if (GetParam() == Format::kF32 || GetParam() == Format::kQ8_K) {
    ASSERT_EQ(blocks, golden.end());  // a copy, and a format that the reference does not decode
    return;
  }
  ASSERT_NE(blocks, golden.end());
  const std::vector<float>& expected = golden.at(std::string(info_.name) + ".values").floats;
  const auto& bytes = blocks->second.integers;
  const std::vector<float> got = Decode(std::vector<uint8_t>(bytes.begin(), bytes.end()));
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_EQ(got[i], expected[i]) << "value " << i;
}

TEST_P(CodecTest, IntegerFormEqualsDecoding) {
  const IntegerForm& form = info_.integer;
  if (form.group == 0) return;
  const std::vector<uint8_t> blocks = RandomBlocks(64);
  const std::vector<float> values = Decode(blocks);
  const size_t n = values.size(), groups = n / static_cast<size_t>(form.group);
  std::vector<int8_t> q(n);
  std::vector<float> scale(groups), min(groups, 0);
  info_.decode_integer(blocks.data(), static_cast<int64_t>(n), q.data(), scale.data(),
                       form.has_min ? min.data() : nullptr);
  for (size_t i = 0; i < n; ++i) {
    const size_t g = i / static_cast<size_t>(form.group);
    EXPECT_GE(q[i], form.q_min);
    EXPECT_LE(q[i], form.q_max);
    if (!std::isfinite(scale[g]) || !std::isfinite(min[g]) || !std::isfinite(values[i])) continue;
    const double exact = static_cast<double>(scale[g]) * q[i] + static_cast<double>(min[g]);
    const double size =
        std::fabs(static_cast<double>(scale[g]) * q[i]) + std::fabs(static_cast<double>(min[g]));
    EXPECT_NEAR(values[i], exact, 1.2e-7 * size + 1e-44) << "value " << i;
  }
}

TEST_P(CodecTest, EncodingIsStable) {
  // What a format can represent survives another round, but for rounding of the scales.
  const std::vector<float> once = Decode(Encode(Normal(16 * info_.block_values, 0.05f)));
  const std::vector<float> twice = Decode(Encode(once));
  EXPECT_LE(RootMeanSquare(once, twice), info_.block_values == 1 ? 0 : 0.05 * 0.12);
}

TEST_P(CodecTest, EncodingErrorIsSmall) {
  const double bits = 8.0 * info_.block_bytes / info_.block_values;
  // A uniform quantiser over ±3.5 sigma has an error of step / √12 with step = 7 sigma / 2^bits;
  // half a bit goes to scales.
  const double bound = info_.block_values == 1
                           ? 0.01
                           : std::max(0.006, 1.6 * 7 / std::sqrt(12) / std::exp2(bits - 0.5));
  for (const float scale : {1e-3f, 0.05f, 1.0f, 100.0f}) {
    const std::vector<float> values = Normal(64 * info_.block_values, scale);
    EXPECT_LE(RootMeanSquare(values, Decode(Encode(values))), bound * scale) << "scale " << scale;
  }
}

TEST_P(CodecTest, EncodesEdgeCases) {
  const auto n = static_cast<size_t>(info_.block_values);
  std::vector<float> values(n, 0.0f);
  EXPECT_EQ(Decode(Encode(values)), values) << "zeros";
  values.assign(n, 1e-30f);  // below the smallest f16 scale: becomes zero or stays, never NaN
  for (const float value : Decode(Encode(values))) EXPECT_TRUE(std::isfinite(value));
  values.assign(n, -2.0f);
  for (const float value : Decode(Encode(values))) EXPECT_NEAR(value, -2.0f, 0.25f) << "a constant";
  values.assign(n, 0.0f);
  values[n / 2] = 4.0f;
  EXPECT_NEAR(Decode(Encode(values))[n / 2], 4.0f, 0.5f) << "one value";
}

TEST_P(CodecTest, ReadsUnalignedBytes) {
  const std::vector<uint8_t> blocks = RandomBlocks(4);
  std::vector<uint8_t> shifted(blocks.size() + 1);
  std::memcpy(shifted.data() + 1, blocks.data(), blocks.size());
  const std::vector<float> expected = Decode(blocks);
  std::vector<float> got(expected.size());
  info_.decode(shifted.data() + 1, static_cast<int64_t>(got.size()), got.data());
  for (size_t i = 0; i < got.size(); ++i)
    ASSERT_TRUE(SameFloat(got[i], expected[i])) << "value " << i;
}

INSTANTIATE_TEST_SUITE_P(AllFormats, CodecTest,
                         testing::ValuesIn(AllFormats().begin(), AllFormats().end()),
                         [](const auto& param) { return std::string(InfoOf(param.param).name); });

}  // namespace
}  // namespace erato
