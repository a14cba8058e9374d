// safetensors: what good files say, and that each rule of the format is kept.
#include "core/formats/safetensors/safetensors.h"

#include <string>
#include <vector>

#include "core/base/concat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/safetensors_writer.h"

namespace erato::safetensors {
namespace {

using test::SafetensorsFile;
using test::SafetensorsWriter;
using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<Contents> ParseBytes(const std::string& bytes) {
  return Parse(ByteReader(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), "st t"));
}

std::string MessageOf(std::string_view header, size_t data_bytes) {
  const auto contents = ParseBytes(SafetensorsFile(header, std::string(data_bytes, '\0')));
  EXPECT_FALSE(contents.ok()) << header;
  return std::string(contents.status().message());
}

TEST(SafetensorsTest, ReadsWhatIsThere) {
  const std::string bytes = SafetensorsWriter()
                                .AddMetadata("format", "pt")
                                .AddF32("w", {2, 3}, {1, 2, 3, 4, 5, 6})
                                .AddBytes("ids", "I64", {1}, std::string(8, '\1'))
                                .AddBytes("h", "BF16", {}, "ab")
                                .Bytes();
  const auto contents = ParseBytes(bytes);
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_THAT(contents->metadata, ElementsAre(std::make_pair("format", "pt")));
  ASSERT_EQ(contents->tensors.size(), 3u);
  const TensorInfo &w = contents->tensors[0], &ids = contents->tensors[1],
                   &h = contents->tensors[2];
  EXPECT_EQ(w.name, "w");
  EXPECT_EQ(w.format, Format::kF32);
  EXPECT_THAT(w.shape, ElementsAre(2, 3));
  EXPECT_EQ(w.bytes, 24u);
  EXPECT_EQ(w.offset, bytes.size() - 34);
  EXPECT_STREQ(ids.dtype->name, "I64");
  EXPECT_EQ(ids.format, std::nullopt);
  EXPECT_EQ(h.format, Format::kBF16);
  EXPECT_TRUE(h.shape.empty());
  EXPECT_EQ(h.offset, bytes.size() - 2);
}

TEST(SafetensorsTest, TensorsComeInTheOrderOfTheirBytes) {
  const auto contents = ParseBytes(SafetensorsFile(
      R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"data_offsets":[0,1],"shape":[1],"dtype":"I8"}})",
      "xy"));
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->tensors[0].name, "a");
  EXPECT_EQ(contents->tensors[1].name, "b");
}

TEST(SafetensorsTest, EveryDtypeHasItsSize) {
  const struct {
    const char* name;
    int bits;
  } dtypes[] = {{"BOOL", 8},    {"U8", 8},      {"I8", 8},      {"U16", 16},    {"I16", 16},
                {"U32", 32},    {"I32", 32},    {"U64", 64},    {"I64", 64},    {"F16", 16},
                {"BF16", 16},   {"F32", 32},    {"F64", 64},    {"F8_E4M3", 8}, {"F4", 4},
                {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"C64", 64}};
  for (const auto& [name, bits] : dtypes) {
    const auto n = static_cast<size_t>(bits);  // bytes of eight elements
    EXPECT_TRUE(
        ParseBytes(SafetensorsWriter().AddBytes("t", name, {8}, std::string(n, 'x')).Bytes()).ok())
        << name;
    EXPECT_FALSE(
        ParseBytes(SafetensorsWriter().AddBytes("t", name, {8}, std::string(n + 1, 'x')).Bytes())
            .ok())
        << name;
    EXPECT_FALSE(
        ParseBytes(SafetensorsWriter().AddBytes("t", name, {8}, std::string(n - 1, 'x')).Bytes())
            .ok())
        << name;
  }
  EXPECT_THAT(MessageOf(R"({"t":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}})", 16),
              HasSubstr("tensor t, got dtype 'F128'"));
  EXPECT_FALSE(ParseBytes(SafetensorsWriter().AddBytes("t", "F4", {3}, "xx").Bytes()).ok())
      << "half a byte";
}

TEST(SafetensorsTest, OffsetsCoverTheDataWithoutGapOrOverlap) {
  const auto two = [](int a0, int a1, int b0, int b1) {
    return Concat(R"({"a":{"dtype":"U8","shape":[)", a1 - a0, R"(],"data_offsets":[)", a0, ",", a1,
                  R"(]},"b":{"dtype":"U8","shape":[)", b1 - b0, R"(],"data_offsets":[)", b0, ",",
                  b1, "]}}");
  };
  EXPECT_TRUE(ParseBytes(SafetensorsFile(two(0, 4, 4, 8), "12345678")).ok());
  EXPECT_THAT(MessageOf(two(0, 4, 5, 8), 8), HasSubstr("tensor b, got offset 5")) << "a gap";
  EXPECT_THAT(MessageOf(two(1, 4, 4, 8), 8), HasSubstr("tensor a, got offset 1")) << "a gap before";
  EXPECT_THAT(MessageOf(two(0, 4, 3, 8), 8), HasSubstr("tensor b, got offset 3")) << "an overlap";
  EXPECT_THAT(MessageOf(two(0, 4, 0, 4), 4), HasSubstr("got offset 0")) << "the same bytes";
  EXPECT_THAT(MessageOf(two(0, 4, 4, 8), 9), HasSubstr("data, got 9 bytes, expected 8"))
      << "bytes after the last";
  EXPECT_THAT(MessageOf(two(0, 4, 4, 8), 7), HasSubstr("tensor b")) << "one byte short";
  EXPECT_THAT(MessageOf("{}", 1), HasSubstr("data, got 1 bytes"));
}

TEST(SafetensorsTest, ShapesThatWrap) {
  const auto message = [](std::string_view shape, std::string_view end) {
    return MessageOf(
        Concat(R"({"t":{"dtype":"F32","shape":[)", shape, R"(],"data_offsets":[0,)", end, "]}}"),
        4);
  };
  EXPECT_THAT(message("4294967296,4294967296", "0"), HasSubstr("expected a size below 2^64 bits"));
  EXPECT_THAT(message("4611686018427387905", "4"), HasSubstr("expected a size below 2^64 bits"));
  EXPECT_THAT(message("9223372036854775808", "4"), HasSubstr("below 2^63"));
  EXPECT_THAT(message("0", "0"), HasSubstr("a dimension of 0"));
  EXPECT_THAT(message("0,9223372036854775807", "0"), HasSubstr("a dimension of 0"));
  EXPECT_THAT(message("-1", "4"), HasSubstr("a negative number in shape"));
  EXPECT_THAT(message("1.0", "4"), HasSubstr("a fraction in shape"));
  EXPECT_THAT(message("1,1,1,1,1,1,1,1,1", "4"), HasSubstr("at most 8 dimensions"));
  EXPECT_THAT(message("1", "18446744073709551615"), HasSubstr("tensor t"));
  EXPECT_THAT(message("1", "18446744073709551616"), HasSubstr("a fraction in data_offsets"));
  EXPECT_THAT(message("1", "-4"), HasSubstr("a negative number"));
}

TEST(SafetensorsTest, HeadersThatAreNotOfTheFormat) {
  const char* bad[] = {
      "",
      "[]",
      "null",
      "7",
      "\"a\"",
      "{",
      "{}x",
      "{\"a\":1}",
      "{\"a\":[]}",
      "{\"a\":\"b\"}",
      "{\"a\":null}",
      "{\"a\":{}}",
      R"({"a":{"dtype":"U8","shape":[0]}})",
      R"({"a":{"dtype":"U8","data_offsets":[0,0]}})",
      R"({"a":{"shape":[1],"data_offsets":[0,0]}})",
      R"({"a":{"dtype":1,"shape":[1],"data_offsets":[0,0]}})",
      R"({"a":{"dtype":"U8","shape":1,"data_offsets":[0,0]}})",
      R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})",
      R"({"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}})",
      R"({"a":{"dtype":"U8","shape":[{}],"data_offsets":[0,1]}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":{}}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,true]}})",
      R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}})",
      R"({"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
      R"({"__metadata__":{"a":1}})",
      R"({"__metadata__":[]})",
      R"({"__metadata__":{"a":{}}})",
      R"({"__metadata__":{"a":"b","a":"c"}})",
      R"({"__metadata__":{},"__metadata__":{}})",
      "\xff",
      "{\"\xff\":{}}",
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})"};
  for (const char* header : bad) EXPECT_THAT(MessageOf(header, 1), HasSubstr("[st t] ")) << header;
  EXPECT_THAT(MessageOf("{\"" + std::string(1025, 'n') + "\":{}}", 0),
              HasSubstr("1 to 1024 bytes"));
  EXPECT_THAT(MessageOf(std::string(1'000'000, '['), 0),
              HasSubstr("depth of JSON at byte 3, got more than 3"));
}

TEST(SafetensorsTest, LengthsThatAreNotThere) {
  for (const uint64_t length :
       {uint64_t{1}, (uint64_t{64} << 20) + 1, uint64_t{1} << 31, uint64_t{1} << 63, UINT64_MAX}) {
    EXPECT_FALSE(ParseBytes(std::string(reinterpret_cast<const char*>(&length), 8)).ok()) << length;
  }
  for (size_t n = 0; n < 8; ++n) EXPECT_FALSE(ParseBytes(std::string(n, '\0')).ok()) << n;
}

}  // namespace
}  // namespace erato::safetensors
