// What a broken or hostile file can do: end in an error, or be harmless; never a crash, never more
// memory than the file's size and 16 MiB. Every file goes through ModelFiles::Open from disk, and
// where that succeeds every tensor is read.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/concat.h"
#include "core/weights/model_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/allocations.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/temp_folder.h"

namespace erato {
namespace {

using test::Field;
using test::GgufWriter;
using test::SafetensorsWriter;
using test::WithField;

constexpr size_t kConstantMemory = size_t{16} << 20;

std::vector<uint64_t> HostileValues() {
  std::vector<uint64_t> values;
  for (const int bits : {0, 7, 8, 15, 16, 31, 32, 61, 62, 63}) {
    const uint64_t power = uint64_t{1} << bits;
    for (const uint64_t value : {power - 1, power, power + 1, ~power, 0 - power})
      values.push_back(value);
  }
  for (const uint64_t value :
       {uint64_t{2}, uint64_t{3}, uint64_t{4}, uint64_t{5}, uint64_t{9}, uint64_t{12}, uint64_t{13},
        UINT64_MAX - 31, UINT64_MAX - 32, UINT64_MAX - 63}) {
    values.push_back(value);
  }
  return values;
}

class BadInputTest : public testing::Test {
 protected:
  /// Opens and reads all; true where that went well. The rest is checked here.
  bool Survives(const std::string& path, uint64_t bytes_on_disk, const std::string& what) {
    bool ok = true;
    for (const FileAccess access : {FileAccess::kCopy, FileAccess::kMap}) {
      const test::PeakMemory memory;
      {
        const auto files = ModelFiles::Open(path, access);
        ok = ok && files.ok();
        if (files.ok()) {
          ReadAll(**files, bytes_on_disk);
        } else {
          EXPECT_EQ(files.status().message().substr(0, 1), "[") << what;
          EXPECT_LT(files.status().message().size(), 400u) << what << ": " << files.status();
          EXPECT_NE(files.status().code(), absl::StatusCode::kInternal) << what;
        }
      }
      EXPECT_LE(memory.peak(), bytes_on_disk + kConstantMemory) << what;
    }
    return ok;
  }

  bool SurvivesGguf(const std::string& bytes, const std::string& what) {
    test::WriteFile(folder_ / "m.gguf", bytes);
    return Survives(folder_ / "m.gguf", bytes.size(), what);
  }

  bool SurvivesFolder(const std::string& config, const std::string& weights,
                      const std::string& what) {
    std::filesystem::create_directory(folder_ / "hf");
    test::WriteFile(folder_ / "hf/config.json", config);
    test::WriteFile(folder_ / "hf/model.safetensors", weights);
    return Survives(folder_ / "hf", config.size() + weights.size(), what);
  }

  static void ReadAll(const ModelFiles& files, uint64_t bytes_on_disk) {
    for (const TensorEntry& tensor : files.tensors()) {
      ASSERT_LE(tensor.bytes, bytes_on_disk);
      std::vector<uint8_t> room(tensor.bytes);
      const auto bytes = files.Read(tensor, 0, room.size(), room.data());
      ASSERT_TRUE(bytes.ok()) << bytes.status();
      const int64_t n = tensor.rows() * tensor.cols();
      ASSERT_EQ(BytesOf(tensor.format, n), static_cast<int64_t>(tensor.bytes));
      std::vector<float> values(
          static_cast<size_t>(std::min<int64_t>(n, InfoOf(tensor.format).block_values)));
      InfoOf(tensor.format)
          .decode(
              *bytes + tensor.bytes - BytesOf(tensor.format, static_cast<int64_t>(values.size())),
              static_cast<int64_t>(values.size()), values.data());
    }
  }

  test::TempFolder folder_;
};

GgufWriter SmallGguf() {
  GgufWriter writer(3, 64);
  writer.AddString("general.architecture", "llama")
      .AddU32("llama.block_count", 1)
      .AddF32("llama.eps", 1e-5f)
      .AddU64("big", 7)
      .AddBool("yes", true)
      .AddI8("small", -1)
      .AddStrings("tokens", {"a", "b", "a token longer than fifteen bytes"})
      .AddF32s("scores", {1, 2, 3})
      .AddI32s("types", {1, 1, 1})
      .AddBools("flags", {true, false})
      .AddU8s("bytes", {1, 2, 3})
      .AddTensor("a", Format::kF32, {4, 8}, std::vector<float>(32, 1))
      .AddTensor("b", Format::kQ4_K, {1, 256}, std::vector<float>(256, 1))
      .AddTensor("c", Format::kQ8_0, {2, 1, 32}, std::vector<float>(64, 1));
  return writer;
}

TEST_F(BadInputTest, GgufCutAtEveryByte) {
  const std::string good = SmallGguf().Bytes();
  ASSERT_TRUE(SurvivesGguf(good, "good"));
  // The padding after the last tensor, of 68 bytes, may be missing.
  const size_t needed = good.size() - 60;
  for (size_t n = 0; n < good.size(); ++n) {
    EXPECT_EQ(SurvivesGguf(good.substr(0, n), Concat("cut at ", n)), n >= needed) << n;
  }
}

TEST_F(BadInputTest, GgufEveryIntegerHostile) {
  const GgufWriter writer = SmallGguf();
  const std::string good = writer.Bytes();
  int refused = 0, harmless = 0;
  for (const Field& field : writer.Fields()) {
    for (const uint64_t value : HostileValues()) {
      ++(SurvivesGguf(WithField(good, field, value), Concat(field.what, " = ", value)) ? harmless
                                                                                       : refused);
    }
  }
  EXPECT_GT(refused, 2000);
  EXPECT_GT(harmless, 100) << "values of keys may be anything";
}

TEST_F(BadInputTest, GgufEveryHeaderBitFlipped) {
  const GgufWriter writer = SmallGguf();
  const std::string good = writer.Bytes();
  for (size_t bit = 0; bit < writer.DataOffset() * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    SurvivesGguf(bytes, Concat("bit ", bit));
  }
}

TEST_F(BadInputTest, GgufPairsOfHostileCounts) {
  const GgufWriter writer = SmallGguf();
  const std::string good = writer.Bytes();
  std::vector<Field> dims;
  for (const Field& field : writer.Fields()) {
    if (field.what.find("dimension of ") == 0 || field.what.find("offset of ") == 0)
      dims.push_back(field);
  }
  ASSERT_EQ(dims.size(), 10u);
  for (const Field& first : dims) {
    for (const Field& second : dims) {
      if (first.offset == second.offset) continue;
      for (const int bits : {16, 21, 31, 32, 33, 42, 61, 62, 63}) {
        const std::string broken = WithField(good, first, uint64_t{1} << bits);
        EXPECT_FALSE(
            SurvivesGguf(WithField(broken, second, uint64_t{1} << (64 - bits)), first.what))
            << second.what;
      }
    }
  }
}

template <typename T>
std::string Raw(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(T));
}

// Small on disk, large in memory: each kind of record, millions of them.
TEST_F(BadInputTest, GgufManySmallRecords) {
  constexpr uint64_t kBytes = 24 << 20;
  const std::string header = Raw(0x46554747) + Raw(3), zeros(kBytes, '\0');
  const std::string one_key =
      header + Raw(uint64_t{0}) + Raw(uint64_t{1}) + Raw(uint64_t{1}) + "k" + Raw(9);
  EXPECT_FALSE(SurvivesGguf(one_key + Raw(8) + Raw(kBytes / 8) + zeros, "empty strings"));
  EXPECT_FALSE(SurvivesGguf(one_key + Raw(0) + Raw(kBytes) + zeros, "bytes"));
  EXPECT_TRUE(SurvivesGguf(one_key + Raw(7) + Raw(kBytes) + zeros, "booleans"));
  EXPECT_TRUE(SurvivesGguf(one_key + Raw(12) + Raw(kBytes / 8) + zeros, "doubles"));
  std::string keys, tensors;
  uint64_t n = 0;
  for (; keys.size() < kBytes / 4; ++n)
    keys += Raw(uint64_t{4}) + Raw(static_cast<uint32_t>(0x21212121 + n)) + Raw(7) + '\0';
  EXPECT_FALSE(SurvivesGguf(header + Raw(uint64_t{0}) + Raw(n) + keys, "keys"));
  for (n = 0; tensors.size() < kBytes / 4; ++n) {
    tensors +=
        Raw(uint64_t{7}) + Concat(1'000'000 + n) + Raw(1) + Raw(uint64_t{1}) + Raw(0) + Raw(32 * n);
  }
  EXPECT_FALSE(SurvivesGguf(header + Raw(n) + Raw(uint64_t{0}) + tensors, "tensors"));
}

TEST_F(BadInputTest, ManyKeysTakeLinearTime) {
  GgufWriter writer;
  for (int i = 0; i < 40'000; ++i) writer.AddU8(Concat("k", i), 1);
  EXPECT_TRUE(SurvivesGguf(writer.Bytes(), "40,000 keys"));
}

const char kConfig[] = R"({"model_type":"llama","hidden_size":8})";

SafetensorsWriter SmallSafetensors() {
  SafetensorsWriter writer;
  writer.AddMetadata("format", "pt")
      .AddF32("a", {4, 8}, std::vector<float>(32, 1))
      .AddBytes("b", "BF16", {2, 2}, "abcdefgh")
      .AddBytes("ids", "I64", {1}, "abcdefgh");
  return writer;
}

TEST_F(BadInputTest, SafetensorsCutAtEveryByte) {
  const std::string good = SmallSafetensors().Bytes();
  ASSERT_TRUE(SurvivesFolder(kConfig, good, "good"));
  for (size_t n = 0; n < good.size(); ++n)
    EXPECT_FALSE(SurvivesFolder(kConfig, good.substr(0, n), Concat("cut at ", n)));
}

TEST_F(BadInputTest, SafetensorsHostileLengths) {
  const std::string good = SmallSafetensors().Bytes();
  for (const uint64_t value : HostileValues()) {
    EXPECT_FALSE(
        SurvivesFolder(kConfig, WithField(good, {"", 0, 8}, value), Concat("length ", value)));
  }
}

TEST_F(BadInputTest, SafetensorsEveryHeaderByteHostile) {
  const std::string good = SmallSafetensors().Bytes();
  const size_t header_end = good.size() - (128 + 8 + 8);
  for (size_t i = 0; i < header_end; ++i) {
    for (const char c :
         {'\0', '"', '{', '}', '[', ']', ',', ':', '-', '9', ' ', '\xff', '\\', 'e'}) {
      std::string bytes = good;
      bytes[i] = c;
      SurvivesFolder(kConfig, bytes, Concat("byte ", i, " = ", int{c}));
    }
  }
}

// Each number of the header replaced, the length of the header put right.
TEST_F(BadInputTest, SafetensorsEveryNumberHostile) {
  const std::string good = SmallSafetensors().Bytes();
  const size_t header_end = good.size() - (128 + 8 + 8);
  const std::string header = good.substr(8, header_end - 8), data = good.substr(header_end);
  const auto digit = [&](size_t i) { return header[i] >= '0' && header[i] <= '9'; };
  int refused = 0;
  for (size_t i = 1; i < header.size(); ++i) {
    if (!digit(i) || digit(i - 1) || (header[i - 1] != '[' && header[i - 1] != ',')) continue;
    size_t end = i;
    while (digit(end)) ++end;
    for (const uint64_t value : HostileValues()) {
      const std::string changed = Concat(header.substr(0, i), value, header.substr(end));
      refused +=
          SurvivesFolder(kConfig, test::SafetensorsFile(changed, data), Concat(i, " = ", value))
              ? 0
              : 1;
    }
  }
  EXPECT_GT(refused, 500);
}

std::string Repeat(std::string_view begin, std::string_view item, size_t n, std::string_view end) {
  std::string text(begin);
  for (size_t i = 0; i < n; ++i) text += item;
  return text += end;
}

TEST_F(BadInputTest, SafetensorsManySmallRecords) {
  std::string tensors = "{", metadata = "{\"__metadata__\":{";
  for (int i = 0; i < 150'000; ++i) {
    tensors += Concat(i == 0 ? "" : ",", "\"", i, R"(":{"dtype":"U8","shape":[1],"data_offsets":[)",
                      i, ",", i + 1, "]}");
    metadata += Concat(i == 0 ? "" : ",", "\"", i, "\":\"\"");
  }
  EXPECT_FALSE(SurvivesFolder(
      kConfig, test::SafetensorsFile(Concat(tensors, "}"), Repeat("", "x", 150'000, "")),
      "tensors"));
  EXPECT_FALSE(
      SurvivesFolder(kConfig, test::SafetensorsFile(Concat(metadata, "}}"), ""), "metadata"));
  EXPECT_FALSE(
      SurvivesFolder(kConfig, test::SafetensorsFile(std::string(8 << 20, ' '), ""), "spaces"));
  EXPECT_FALSE(SurvivesFolder(
      kConfig, test::SafetensorsFile(Repeat("\"", "aaaaaaaa", 1 << 20, ""), ""), "one string"));
}

TEST_F(BadInputTest, ConfigsThatExplode) {
  const std::string weights = SmallSafetensors().Bytes();
  const std::pair<const char*, std::string> configs[] = {
      {"deep", std::string(1'000'000, '[')},
      {"empty arrays", Repeat("{\"a\":[[]", ",[]", 1'000'000, "]}")},
      {"empty objects", Repeat("{\"a\":[{}", ",{}", 1'000'000, "]}")},
      {"numbers", Repeat("{\"a\":[0", ",0", 1'900'000, "]}")},
      {"a long string", Repeat("{\"a\":\"", "aaaaaaaa", 1'000'000, "\"}")},
      {"escapes", Repeat("{\"a\":\"", "\\u00e9", 600'000, "\"")},
  };
  for (const auto& [what, config] : configs)
    EXPECT_FALSE(SurvivesFolder(config, weights, what)) << what;
  std::string keys = "{\"k\":0";
  for (int i = 0; i < 40'000; ++i) keys += Concat(",\"k", i, "\":{}");
  EXPECT_TRUE(SurvivesFolder(Concat(keys, "}"), weights, "keys")) << "below the limit";
}

// Each allocation of opening a model fails once: nothing leaks, nothing breaks.
TEST_F(BadInputTest, EveryAllocationFailsOnce) {
  SmallGguf().WriteTo(folder_ / "m.gguf");
  SurvivesFolder(kConfig, SmallSafetensors().Bytes(), "good");
  for (const char* name : {"m.gguf", "hf"}) {
    const std::string path = folder_ / name;
    (void)ModelFiles::Open(path,
                           FileAccess::kMap);  // what the library itself keeps from a first call
    for (int64_t nth = 0;; ++nth) {
      const int64_t before = test::LiveAllocations();
      bool failed = false;
      try {
        const test::FailAllocation fail(nth);
        const auto files = ModelFiles::Open(path, FileAccess::kMap);
        failed = fail.failed();
      } catch (const std::bad_alloc&) {
        failed = true;
      }
      EXPECT_EQ(test::LiveAllocations(), before) << name << ", allocation " << nth;
      if (!failed) break;
      ASSERT_LT(nth, 100'000);
    }
  }
}

}  // namespace
}  // namespace erato
