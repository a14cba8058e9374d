// What a backend promises beside its phases: uploads of any layout, errors, activations, a pool
// that grows and shrinks.
#include <algorithm>
#include <atomic>
#include <climits>

#include "tests/ops/harness.h"

namespace erato::test {
namespace {

class Storage : public testing::TestWithParam<BackendCase> {};

/// Bytes that have to be read, by any number of threads.
class StoredBytes final : public TensorBytes {
 public:
  explicit StoredBytes(std::vector<uint8_t> bytes) : bytes_(std::move(bytes)) {}
  void FailAfter(int reads) { left_ = reads; }
  absl::StatusOr<const uint8_t*> Read(uint64_t begin, size_t count, uint8_t* room) const override {
    if (left_.fetch_sub(1) <= 0) return absl::DataLossError("[file] cut");
    EXPECT_LE(begin + count, bytes_.size());
    std::copy_n(bytes_.begin() + static_cast<int64_t>(begin), count, room);
    return room;
  }

 private:
  std::vector<uint8_t> bytes_;
  mutable std::atomic<int> left_{INT_MAX};
};

/// W·x of each row of `in`.
std::vector<Row> Product(Bench& bench, const Weight& w, const std::vector<Row>& in) {
  ProgramOf::Body fill;
  const auto n = static_cast<int>(in.size());
  const ProjAddArgs args = {.in = bench.NewActivation(in, &fill),
                            .w = {&w, nullptr},
                            .x = bench.NewActivation(std::vector<Row>(n, Row(w.rows, 0.0)), &fill)};
  bench.Run(n, [&](Ops& ops, const Step& step) {
    fill(ops, step);
    ops.ProjAdd(args, step);
  });
  return bench.Read(*args.x, n);
}

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
    const StoredBytes on_disk(turned);
    tensor.data = nullptr;
    tensor.stored = &on_disk;
    auto read = bench.backend().Upload(tensor, WeightUse::kMatrix);
    tensor = {format, rows, cols, gaps.data(), static_cast<size_t>((cols + 3) * size), false};
    auto strided = bench.backend().Upload(tensor, WeightUse::kMatrix);
    ASSERT_TRUE(transposed.ok() && strided.ok() && read.ok()) << transposed.status();
    const std::vector<Row> in = RandomRows(random, 3, cols);
    const std::vector<Row> want = Product(bench, *bench.Put(plain), in);
    EXPECT_EQ(Product(bench, **transposed, in), want);
    EXPECT_EQ(Product(bench, **strided, in), want);
    EXPECT_EQ(Product(bench, **read, in), want);
  }
}

// Bytes that are read when they are wanted make the same weight as bytes in memory, wherever in a
// tensor they begin; the last format is packed in two passes.
TEST_P(Storage, BytesOnDiskAreTheSameMatrix) {
  std::mt19937 random(6);
  for (Format format : {Format::kF32, Format::kBF16, Format::kQ4_0, Format::kQ4_K}) {
    const int64_t rows = 700, cols = 256, before = 5;
    const Matrix plain = RandomMatrix(random, format, rows, cols, 1e-3);
    const auto row_bytes = static_cast<size_t>(BytesOf(format, cols));
    std::vector<uint8_t> bytes(before * row_bytes, 0xff);
    bytes.insert(bytes.end(), plain.bytes.begin(), plain.bytes.end());
    StoredBytes on_disk(std::move(bytes));
    Bench bench(GetParam(), 8, 1024);
    const HostTensor tensor = {format,    rows,  cols,     nullptr,
                               row_bytes, false, &on_disk, before * row_bytes};
    auto read = bench.backend().Upload(tensor, WeightUse::kTable);
    ASSERT_TRUE(read.ok()) << read.status();
    const std::vector<Row> in = RandomRows(random, 3, cols);
    EXPECT_EQ(Product(bench, **read, in), Product(bench, *bench.Put(plain), in));

    // Wherever reading fails, its error comes out, and the backend goes on.
    for (int good = 0; good < 3; ++good) {
      on_disk.FailAfter(good);
      EXPECT_EQ(bench.backend().Upload(tensor, WeightUse::kTable).status().code(),
                absl::StatusCode::kDataLoss);
    }
    on_disk.FailAfter(INT_MAX);
    EXPECT_TRUE(bench.backend().Upload(tensor, WeightUse::kTable).ok());
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
