// What a backend promises beside its phases: uploads of any layout, errors, activations, a pool
// that grows and shrinks.
#include <algorithm>

#include "tests/ops/harness.h"

namespace erato::test {
namespace {

class Storage : public testing::TestWithParam<BackendCase> {};

TEST_P(Storage, TransposedAndStridedUploadsAreTheSameMatrix) {
  std::mt19937 random(5);
  for (Format format : {Format::kF32, Format::kF16, Format::kBF16}) {
    const int64_t rows = 19, cols = 23;
    const Matrix plain = RandomMatrix(random, format, rows, cols, 1);
    const int64_t size = InfoOf(format).block_bytes;
    // The same matrix lying as [cols, rows + 4], and as rows with a gap after each.
    std::vector<uint8_t> turned(cols * (rows + 4) * size, 0xff);
    std::vector<uint8_t> gaps(rows * (cols + 3) * size, 0xff);
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < cols; ++c) {
        const uint8_t* value = &plain.bytes[(r * cols + c) * size];
        std::copy_n(value, size, &turned[(c * (rows + 4) + r) * size]);
        std::copy_n(value, size, &gaps[(r * (cols + 3) + c) * size]);
      }
    }
    Bench bench(GetParam());
    HostTensor tensor = {format, rows, cols, turned.data(), static_cast<size_t>((rows + 4) * size),
                         true};
    auto transposed = bench.backend().Upload(tensor, WeightUse::kMatrix);
    tensor = {format, rows, cols, gaps.data(), static_cast<size_t>((cols + 3) * size), false};
    auto strided = bench.backend().Upload(tensor, WeightUse::kMatrix);
    ASSERT_TRUE(transposed.ok() && strided.ok()) << transposed.status() << strided.status();
    std::vector<std::vector<Row>> sums;
    const std::vector<Row> in = RandomRows(random, 3, cols);
    const std::vector<const Weight*> uploads = {bench.Put(plain), transposed->get(),
                                                strided->get()};
    for (const Weight* w : uploads) {
      ProgramOf::Body fill;
      const ProjAddArgs args = {
          .in = bench.NewActivation(in, &fill),
          .w = {w, nullptr},
          .x = bench.NewActivation(std::vector<Row>(3, Row(rows, 0.0)), &fill)};
      bench.Run(3, [&](Ops& ops, const Step& step) {
        fill(ops, step);
        ops.ProjAdd(args, step);
      });
      sums.push_back(bench.Read(*args.x, 3));
    }
    EXPECT_EQ(sums[0], sums[1]);
    EXPECT_EQ(sums[0], sums[2]);
  }
}

TEST_P(Storage, RefusesWhatIsNoMatrix) {
  Bench bench(GetParam());
  const std::vector<uint8_t> bytes(4096);
  const std::vector<HostTensor> bad = {
      {Format::kF32, 0, 8, bytes.data(), 32, false},
      {Format::kF32, 8, 0, bytes.data(), 0, false},
      {Format::kF32, -1, 8, bytes.data(), 32, false},
      {Format::kQ4_0, 2, 33, bytes.data(), 18, false},
      {Format::kQ4_0, 32, 32, bytes.data(), 18, true},
  };
  for (const HostTensor& tensor : bad) {
    const auto weight = bench.backend().Upload(tensor, WeightUse::kMatrix);
    EXPECT_EQ(weight.status().code(), absl::StatusCode::kInvalidArgument)
        << tensor.rows << " x " << tensor.cols << ": " << weight.status();
  }
  EXPECT_FALSE(bench.backend().NewActivation(0, 8).ok());
  EXPECT_FALSE(bench.backend().NewActivation(8, -1).ok());
  EXPECT_FALSE(bench.backend().NewActivation(int64_t{1} << 40, int64_t{1} << 40).ok());
}

TEST_P(Storage, PoolGrowsAndShrinks) {
  Bench bench(GetParam());
  auto pool = bench.backend().NewKvPool({{2, 16, 16}, {1, 8, 4}});
  ASSERT_TRUE(pool.ok()) << pool.status();
  EXPECT_EQ((*pool)->blocks(), 0);
  // At least two bytes a value: 32 positions of 2·(16 + 16) and 8 + 4.
  EXPECT_GE((*pool)->block_bytes(), 32u * (64 + 12));
  ASSERT_TRUE((*pool)->Grow(5).ok());
  EXPECT_EQ((*pool)->blocks(), 5);
  ASSERT_TRUE((*pool)->Grow(3).ok());  // never less
  EXPECT_EQ((*pool)->blocks(), 5);
  (*pool)->Shrink(2);
  EXPECT_EQ((*pool)->blocks(), 2);
  (*pool)->Shrink(4);  // never more
  EXPECT_EQ((*pool)->blocks(), 2);
  ASSERT_TRUE((*pool)->Grow(3).ok());
  EXPECT_EQ((*pool)->blocks(), 3);
}

TEST_P(Storage, DescribesItself) {
  Bench bench(GetParam());
  EXPECT_FALSE(bench.backend().Describe().empty());
}

INSTANTIATE_TEST_SUITE_P(All, Storage, testing::ValuesIn(Backends()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace erato::test
