// GGUF: what good files say, and that each rule of the format is kept.
#include "core/formats/gguf/gguf.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/temp_folder.h"

namespace erato::gguf {
namespace {

using test::GgufWriter;
using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<Contents> ParseBytes(const std::string& bytes) {
  return Parse(ByteReader(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), "gguf t"));
}

Contents ParseGood(const GgufWriter& writer) {
  auto contents = ParseBytes(writer.Bytes());
  EXPECT_TRUE(contents.ok()) << contents.status();
  return contents.ok() ? *std::move(contents) : Contents();
}

std::string MessageOf(const std::string& bytes) {
  const auto contents = ParseBytes(bytes);
  EXPECT_FALSE(contents.ok());
  return std::string(contents.status().message());
}

template <typename T>
std::string Raw(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(T));
}

TEST(GgufTest, EveryKeyType) {
  const Contents contents = ParseGood(GgufWriter()
                                          .AddU8("u8", 255)
                                          .AddI8("i8", -128)
                                          .AddU16("u16", 65535)
                                          .AddI16("i16", -32768)
                                          .AddU32("u32", UINT32_MAX)
                                          .AddI32("i32", INT32_MIN)
                                          .AddU64("u64", INT64_MAX)
                                          .AddU64("big", UINT64_MAX)
                                          .AddI64("i64", INT64_MIN)
                                          .AddF32("f32", 0.5f)
                                          .AddF64("f64", 1e300)
                                          .AddBool("yes", true)
                                          .AddBool("no", false)
                                          .AddString("s", "é"));
  const Metadata& m = contents.metadata;
  EXPECT_EQ(m.GetInt("u8").value(), 255);
  EXPECT_EQ(m.GetInt("i8").value(), -128);
  EXPECT_EQ(m.GetInt("u16").value(), 65535);
  EXPECT_EQ(m.GetInt("i16").value(), -32768);
  EXPECT_EQ(m.GetInt("u32").value(), int64_t{UINT32_MAX});
  EXPECT_EQ(m.GetInt("i32").value(), INT32_MIN);
  EXPECT_EQ(m.GetInt("u64").value(), INT64_MAX);
  EXPECT_EQ(std::get<uint64_t>(*m.Find("big")), UINT64_MAX);
  EXPECT_EQ(m.GetInt("i64").value(), INT64_MIN);
  EXPECT_EQ(m.GetFloat("f32").value(), 0.5);
  EXPECT_EQ(m.GetFloat("f64").value(), 1e300);
  EXPECT_EQ(m.GetFloat("u8").value(), 255) << "integers convert";
  EXPECT_TRUE(m.GetBool("yes").value());
  EXPECT_FALSE(m.GetBool("no").value());
  EXPECT_EQ(m.GetString("s").value(), "é");
  EXPECT_EQ(m.all().size(), 14u);
}

TEST(GgufTest, EveryArrayType) {
  const auto array = [](uint32_t type, uint64_t n, const std::string& items) {
    return Raw(type) + Raw(n) + items;
  };
  const Contents contents =
      ParseGood(GgufWriter()
                    .AddU8s("u8", {1, 255})
                    .AddRaw("i8", 9, array(1, 2, "\xff\x02"))
                    .AddRaw("u16", 9, array(2, 1, "\xff\xff"))
                    .AddRaw("i16", 9, array(3, 1, "\xff\xff"))
                    .AddU32s("u32", {UINT32_MAX})
                    .AddI32s("i32", {-1, 7})
                    .AddF32s("f32", {0.5f, -1})
                    .AddBools("b", {true, false, true})
                    .AddStrings("s", {"", "a", "a string that is longer than fifteen"})
                    .AddRaw("u64", 9, array(10, 2, Raw(uint64_t{5}) + Raw(uint64_t{6})))
                    .AddRaw("big", 9, array(10, 2, Raw(uint64_t{5}) + Raw(UINT64_MAX)))
                    .AddRaw("i64", 9, array(11, 1, Raw(INT64_MIN)))
                    .AddRaw("f64", 9, array(12, 1, Raw(2.5)))
                    .AddI32s("empty", {}));
  const Metadata& m = contents.metadata;
  EXPECT_THAT(m.GetInts("u8").value(), ElementsAre(1, 255));
  EXPECT_THAT(m.GetInts("i8").value(), ElementsAre(-1, 2));
  EXPECT_THAT(m.GetInts("u16").value(), ElementsAre(65535));
  EXPECT_THAT(m.GetInts("i16").value(), ElementsAre(-1));
  EXPECT_THAT(m.GetInts("u32").value(), ElementsAre(int64_t{UINT32_MAX}));
  EXPECT_THAT(m.GetInts("i32").value(), ElementsAre(-1, 7));
  EXPECT_THAT(m.GetFloats("i32").value(), ElementsAre(-1, 7));
  EXPECT_THAT(m.GetFloats("f32").value(), ElementsAre(0.5, -1));
  EXPECT_THAT(std::get<std::vector<bool>>(*m.Find("b")), ElementsAre(true, false, true));
  EXPECT_THAT(*m.GetStrings("s").value(),
              ElementsAre("", "a", "a string that is longer than fifteen"));
  EXPECT_THAT(m.GetInts("u64").value(), ElementsAre(5, 6));
  EXPECT_THAT(std::get<std::vector<uint64_t>>(*m.Find("big")), ElementsAre(5, UINT64_MAX));
  EXPECT_THAT(m.GetInts("i64").value(), ElementsAre(INT64_MIN));
  EXPECT_THAT(m.GetFloats("f64").value(), ElementsAre(2.5));
  EXPECT_THAT(m.GetInts("empty").value(), ElementsAre());
}

TEST(GgufTest, WrongTypesNameKeyAndBothTypes) {
  const Contents contents = ParseGood(GgufWriter()
                                          .AddString("s", "x")
                                          .AddU64("big", UINT64_MAX)
                                          .AddF32("nan", NAN)
                                          .AddF32s("infs", {0, INFINITY})
                                          .AddI32s("ints", {1}));
  const Metadata& m = contents.metadata;
  EXPECT_EQ(m.GetInt("s").status(),
            absl::InvalidArgumentError("[gguf metadata] key s, got a string, expected an integer"));
  EXPECT_EQ(m.GetInt("none").status(),
            absl::NotFoundError("[gguf metadata] key none, got none, expected an integer"));
  EXPECT_THAT(std::string(m.GetInt("big").status().message()),
              HasSubstr("an integer above 2^63-1"));
  for (const std::string& status :
       {m.GetFloat("s").status().ToString(), m.GetBool("s").status().ToString(),
        m.GetString("ints").status().ToString(), m.GetStrings("ints").status().ToString(),
        m.GetInts("s").status().ToString(), m.GetFloats("s").status().ToString()}) {
    EXPECT_THAT(status, HasSubstr("INVALID_ARGUMENT: [gguf metadata] key "));
  }
  EXPECT_THAT(std::string(m.GetFloat("nan").status().message()),
              HasSubstr("expected a finite number"));
  EXPECT_THAT(std::string(m.GetFloats("infs").status().message()),
              HasSubstr("expected a finite number"));
}

TEST(GgufTest, TensorsOfEveryFormat) {
  GgufWriter writer;
  for (const Format format : AllFormats()) {
    const int64_t cols = InfoOf(format).block_values * 2;
    writer.AddTensor(InfoOf(format).name, format, {3, cols},
                     std::vector<float>(static_cast<size_t>(3 * cols), 1));
  }
  const Contents contents = ParseGood(writer);
  uint64_t next = writer.DataOffset();
  ASSERT_EQ(contents.tensors.size(), AllFormats().size());
  for (size_t i = 0; i < contents.tensors.size(); ++i) {
    const TensorInfo& tensor = contents.tensors[i];
    const FormatInfo& info = InfoOf(AllFormats()[i]);
    EXPECT_EQ(tensor.name, info.name);
    EXPECT_EQ(tensor.format, AllFormats()[i]);
    EXPECT_THAT(tensor.dims, ElementsAre(info.block_values * 2, 3));
    EXPECT_EQ(tensor.bytes, static_cast<uint64_t>(6 * info.block_bytes));
    EXPECT_EQ(tensor.offset, next);
    next += (tensor.bytes + 31) / 32 * 32;
  }
}

TEST(GgufTest, VersionsTwoAndThree) {
  EXPECT_EQ(ParseGood(GgufWriter(2).AddU8("a", 1)).version, 2u);
  EXPECT_EQ(ParseGood(GgufWriter(3)).version, 3u);
  EXPECT_EQ(MessageOf(GgufWriter(1).Bytes()), "[gguf t] version at byte 4, got 1, expected 2 or 3");
  EXPECT_THAT(MessageOf(GgufWriter(0x03000000).Bytes()), HasSubstr("got a big-endian file"));
  EXPECT_EQ(MessageOf("GGML" + std::string(20, '\0')),
            "[gguf t] magic at byte 0, got 'GGML', expected 'GGUF'");
}

TEST(GgufTest, Alignments) {
  for (const uint32_t alignment : {1u, 2u, 8u, 32u, 64u, 4096u, 65536u}) {
    GgufWriter writer(3, alignment);
    writer.AddTensor("a", Format::kF32, {3}, {1, 2, 3})
        .AddTensor("b", Format::kF32, {3}, {4, 5, 6});
    const Contents contents = ParseGood(writer);
    EXPECT_EQ(contents.tensors.at(1).offset % alignment, 0u);
  }
  for (const uint32_t alignment : {0u, 3u, 48u, 131072u, 1u << 31, UINT32_MAX}) {
    EXPECT_THAT(MessageOf(GgufWriter().AddU32("general.alignment", alignment).Bytes()),
                HasSubstr("expected a power of two, at most 65536"));
  }
  EXPECT_THAT(MessageOf(GgufWriter().AddU64("general.alignment", 32).Bytes()),
              HasSubstr("expected 4 (uint32)"));
  EXPECT_THAT(MessageOf(GgufWriter().AddString("general.alignment", "32").Bytes()),
              HasSubstr("got 8"));
}

TEST(GgufTest, Names) {
  EXPECT_THAT(MessageOf(GgufWriter().AddU8("", 1).Bytes()),
              HasSubstr("expected printable ASCII without spaces"));
  EXPECT_THAT(MessageOf(GgufWriter().AddU8(std::string_view("a\0b", 3), 1).Bytes()),
              HasSubstr("'a\\000b'"));
  EXPECT_THAT(MessageOf(GgufWriter().AddU8("é", 1).Bytes()), HasSubstr("printable ASCII"));
  EXPECT_THAT(MessageOf(GgufWriter().AddU8(std::string(65536, 'k'), 1).Bytes()),
              HasSubstr("at most 65535"));
  EXPECT_THAT(MessageOf(GgufWriter().AddU8("k", 1).AddU8("k", 1).Bytes()), HasSubstr("got k"));
  const std::string one(4, '\0');
  EXPECT_THAT(MessageOf(GgufWriter().AddTensorBytes("", 0, {1}, one).Bytes()),
              HasSubstr("tensor name"));
  EXPECT_THAT(MessageOf(GgufWriter().AddTensorBytes(std::string(1025, 't'), 0, {1}, one).Bytes()),
              HasSubstr("1024"));
  EXPECT_THAT(
      MessageOf(
          GgufWriter().AddTensorBytes("t", 0, {1}, one).AddTensorBytes("t", 0, {1}, one).Bytes()),
      HasSubstr("got t twice"));
}

TEST(GgufTest, Values) {
  EXPECT_THAT(MessageOf(GgufWriter().AddRaw("k", 7, "\x02").Bytes()),
              HasSubstr("a boolean of 2, expected 0 or 1"));
  EXPECT_THAT(MessageOf(GgufWriter().AddRaw("k", 13, "\x02").Bytes()),
              HasSubstr("got 13, expected 0 to 12"));
  EXPECT_THAT(MessageOf(GgufWriter()
                            .AddRaw("k", 9, Raw(9) + Raw(uint64_t{1}) + Raw(0) + Raw(uint64_t{0}))
                            .Bytes()),
              HasSubstr("an array of arrays"));
  EXPECT_THAT(MessageOf(GgufWriter().AddString("k", "ab\xc3").Bytes()), HasSubstr("not UTF-8"));
  EXPECT_THAT(MessageOf(GgufWriter().AddStrings("k", {"ok", "\xff"}).Bytes()),
              HasSubstr("not UTF-8"));
  // 2^31 and 2^63 tokens that are not there.
  for (const uint64_t n : {uint64_t{1} << 31, uint64_t{1} << 61, uint64_t{1} << 63, UINT64_MAX}) {
    for (const uint32_t type : {0u, 4u, 6u, 7u, 8u, 10u, 12u}) {
      EXPECT_THAT(MessageOf(GgufWriter().AddRaw("k", 9, Raw(type) + Raw(n)).Bytes()),
                  HasSubstr("bytes left"));
    }
  }
}

TEST(GgufTest, TypesThatWereRemoved) {
  for (const int32_t type : {4, 5, 31, 32, 33, 36, 37, 38, 9, 40, 1000, -1, INT32_MIN}) {
    EXPECT_THAT(
        MessageOf(GgufWriter().AddTensorBytes("t", type, {256}, std::string(1024, '\0')).Bytes()),
        HasSubstr("expected a known type of weights"));
  }
}

TEST(GgufTest, Dimensions) {
  const auto message = [](Format format, const std::vector<int64_t>& shape) {
    return MessageOf(
        GgufWriter()
            .AddTensorBytes("t", InfoOf(format).gguf_type, shape, std::string(4096, '\0'))
            .Bytes());
  };
  EXPECT_THAT(message(Format::kF32, {}), HasSubstr("got 0 dimensions, expected 1 to 4"));
  EXPECT_THAT(message(Format::kF32, {1, 1, 1, 1, 1}), HasSubstr("got 5 dimensions"));
  for (const Format format : AllFormats()) {
    const int64_t block = InfoOf(format).block_values;
    EXPECT_THAT(message(format, {0}), HasSubstr("a dimension of 0"));
    EXPECT_THAT(message(format, {0, block}), HasSubstr("a dimension of 0"));
    EXPECT_THAT(message(format, {-1, block}), HasSubstr("a dimension of"));
    // Products that wrap to 0 or to something small, in elements or in bytes.
    for (const std::vector<int64_t>& shape :
         std::vector<std::vector<int64_t>>{{int64_t{1} << 32, int64_t{1} << 32},
                                           {int64_t{1} << 31, int64_t{1} << 33},
                                           {int64_t{1} << 22, int64_t{1} << 21, int64_t{1} << 21},
                                           {int64_t{1} << 62},
                                           {int64_t{1} << 54, block},
                                           {3, int64_t{1} << 62},
                                           {INT64_MAX / block, block},
                                           {2, 2, int64_t{1} << 61, block}}) {
      EXPECT_THAT(message(format, shape), HasSubstr("[gguf t] ")) << InfoOf(format).name;
    }
    if (block > 1) {
      EXPECT_THAT(message(format, {block + 1}), HasSubstr("a multiple of"));
    }
  }
}

TEST(GgufTest, Offsets) {
  GgufWriter writer;
  writer.AddTensor("a", Format::kF32, {16}, std::vector<float>(16))
      .AddTensor("b", Format::kF32, {16}, std::vector<float>(16));
  const std::vector<test::Field> fields = writer.Fields();
  const test::Field &offset_a = fields[8], &offset_b = fields.back();
  ASSERT_EQ(offset_a.what, "offset of a");
  ASSERT_EQ(offset_b.what, "offset of b");
  const std::string good = writer.Bytes();
  EXPECT_THAT(MessageOf(WithField(good, offset_b, 65)),
              HasSubstr("a multiple of the alignment 32"));
  EXPECT_THAT(MessageOf(WithField(good, offset_b, 32)), HasSubstr("an overlap with a"));
  EXPECT_THAT(MessageOf(WithField(good, offset_b, 0)), HasSubstr("an overlap"));
  EXPECT_THAT(MessageOf(WithField(good, offset_b, 96)), HasSubstr("an end within the file"));
  EXPECT_THAT(MessageOf(WithField(good, offset_b, UINT64_MAX - 31)),
              HasSubstr("an end within the file"));
  EXPECT_THAT(MessageOf(WithField(good, offset_b, uint64_t{1} << 63)),
              HasSubstr("an end within the file"));
  EXPECT_THAT(MessageOf(good.substr(0, good.size() - 1)), HasSubstr("an end within the file"))
      << "one byte short";
  // The order of bytes need not be that of the table.
  const auto swapped = ParseBytes(WithField(WithField(good, offset_a, 64), offset_b, 0));
  EXPECT_TRUE(swapped.ok()) << swapped.status();
}

TEST(GgufTest, FilesReadAsMemoryDoes) {
  const test::TempFolder folder;
  GgufWriter writer;
  writer.AddStrings("s", std::vector<std::string>(20'000, "a string of some length"))
      .AddTensor("t", Format::kF32, {1}, {7});
  writer.WriteTo(folder / "m.gguf");
  const auto file = File::Open(folder / "m.gguf");
  const auto contents = Parse(**file);
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->metadata.GetStrings("s").value()->size(), 20'000u);
  float value = 0;
  EXPECT_TRUE((*file)->ReadAt(contents->tensors.at(0).offset, 4, &value).ok());
  EXPECT_EQ(value, 7);
}

}  // namespace
}  // namespace erato::gguf
