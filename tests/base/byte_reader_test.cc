#include "core/base/byte_reader.h"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/memory_budget.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/temp_folder.h"

namespace erato {
namespace {

std::string Counting(size_t n) {
  std::string bytes(n, '\0');
  std::iota(bytes.begin(), bytes.end(), 1);
  return bytes;
}

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

TEST(ByteReaderTest, ReadsLittleEndianNumbers) {
  const std::string bytes = Counting(7);
  ByteReader reader(Bytes(bytes), "test");
  EXPECT_EQ(reader.ReadNumber<uint32_t>("a").value(), 0x04030201u);
  EXPECT_EQ(reader.offset(), 4u);
  EXPECT_EQ(reader.ReadNumber<int16_t>("b").value(), 0x0605);
  EXPECT_EQ(reader.remaining(), 1u);
  const auto past = reader.ReadNumber<uint16_t>("the c");
  EXPECT_EQ(past.status(),
            absl::OutOfRangeError("[test] the c at byte 6, got 1 bytes left, expected 2"));
  EXPECT_EQ(reader.ReadNumber<uint8_t>("d").value(), 7) << "an error leaves the position";
}

TEST(ByteReaderTest, StringsHaveTwoLimits) {
  const std::string bytes = "hello";
  ByteReader reader(Bytes(bytes), "test");
  EXPECT_FALSE(reader.ReadString(5, 4, "s").ok());
  EXPECT_FALSE(reader.ReadString(6, 100, "s").ok());
  EXPECT_FALSE(reader.ReadString(UINT64_MAX, UINT64_MAX, "s").ok());
  EXPECT_EQ(reader.ReadString(5, 5, "s").value(), "hello");
  EXPECT_EQ(reader.ReadString(0, 5, "s").value(), "");
}

TEST(ByteReaderTest, CountsAreCheckedAgainstWhatIsLeft) {
  const std::string bytes = Counting(100);
  ByteReader reader(Bytes(bytes), "test");
  EXPECT_TRUE(reader.CheckCount(25, 4, "n").ok());
  EXPECT_FALSE(reader.CheckCount(26, 4, "n").ok());
  EXPECT_FALSE(reader.CheckCount(UINT64_MAX / 4 + 1, 4, "n").ok()) << "the product wraps to 0";
  EXPECT_TRUE(reader.CheckCount(0, 4, "n").ok());
}

TEST(ByteReaderTest, SkipsWithinTheSource) {
  const std::string bytes = Counting(10);
  ByteReader reader(Bytes(bytes), "test");
  EXPECT_TRUE(reader.Skip(9, "s").ok());
  EXPECT_FALSE(reader.Skip(2, "s").ok());
  EXPECT_FALSE(reader.Skip(UINT64_MAX, "s").ok());
  EXPECT_EQ(reader.ReadNumber<uint8_t>("x").value(), 10);
}

// Every mixture of reads and skips across the borders of the buffer sees what memory holds.
TEST(ByteReaderTest, AFileReadsAsMemoryDoes) {
  const test::TempFolder folder;
  const std::string bytes = Counting(300'000);
  test::WriteFile(folder / "f", bytes);
  const auto file = File::Open(folder / "f");
  ASSERT_TRUE(file.ok());
  ByteReader from_file(**file, "file"), from_memory(Bytes(bytes), "memory");
  const size_t steps[] = {1, 7, 65'535, 65'536, 65'537, 3, 100'000, 2};
  for (size_t i = 0; i < 200 && from_memory.remaining() > 0; ++i) {
    const size_t step = std::min<size_t>(steps[i % std::size(steps)], from_memory.remaining());
    if (i % 3 == 1) {
      ASSERT_TRUE(from_file.Skip(step, "s").ok());
      ASSERT_TRUE(from_memory.Skip(step, "s").ok());
    } else {
      std::vector<uint8_t> a(step), b(step);
      ASSERT_TRUE(from_file.Read(a.data(), step, "r").ok());
      ASSERT_TRUE(from_memory.Read(b.data(), step, "r").ok());
      ASSERT_EQ(a, b) << "step " << i;
    }
    ASSERT_EQ(from_file.offset(), from_memory.offset());
    ASSERT_EQ(from_file.remaining(), from_memory.remaining());
  }
  EXPECT_EQ(from_file.remaining(), 0u);
}

TEST(MemoryBudgetTest, IsTheFileAndAConstant) {
  MemoryBudget budget(1000);
  EXPECT_FALSE(budget.Charge(1, 1001 + MemoryBudget::kConstantBytes, "w", "a").ok());
  EXPECT_FALSE(budget.Charge(UINT64_MAX, 2, "w", "a").ok()) << "the product wraps";
  EXPECT_TRUE(budget.Charge(1, 1000 + MemoryBudget::kConstantBytes, "w", "a").ok());
  EXPECT_TRUE(absl::IsResourceExhausted(budget.Charge(1, 1, "w", "a")));
  EXPECT_TRUE(MemoryBudget(UINT64_MAX).Charge(1, UINT64_MAX, "w", "a").ok());
}

}  // namespace
}  // namespace erato
