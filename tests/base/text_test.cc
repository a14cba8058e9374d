// JSON and its limits, UTF-8, text in messages.
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/concat.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/allocations.h"

namespace erato {
namespace {

using testing::HasSubstr;

std::string Message(std::string_view text, const JsonLimits& limits = {}) {
  const auto json = ParseJson(text, "config.json", limits);
  EXPECT_FALSE(json.ok()) << text;
  return std::string(json.status().message());
}

TEST(JsonTest, ReadsAndWritesWhatItRead) {
  const std::string text =
      R"({"z":[1,-2,3.5,true,null,[],{}],"a":{"b":"\u00e9\n"},"n":18446744073709551615})";
  const auto json = ParseJson(text, "t");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(ParseJson(WriteJson(*json), "t").value(), *json);
  EXPECT_EQ(json->object()->front().first, "z") << "the order of keys is kept";
  EXPECT_EQ(*json->Find("a")->Find("b"), "é\n");
  EXPECT_EQ(WriteJson(*json),
            "{\"z\":[1,-2,3.5,true,null,[],{}],\"a\":{\"b\":\"é\\n\"},\"n\":18446744073709551615}");
}

TEST(JsonTest, ScalarsAreJsonToo) {
  EXPECT_EQ(ParseJson(" 7 ", "t").value(), 7);
  EXPECT_TRUE(ParseJson("null", "t").value().is_null());
}

TEST(JsonTest, EveryCutIsAnError) {
  const std::string text = R"({"a":[1,2,{"b":"c\u00e9"}],"d":-1.5e3,"e":true})";
  ASSERT_TRUE(ParseJson(text, "t").ok());
  for (size_t n = 0; n < text.size(); ++n)
    EXPECT_FALSE(ParseJson(text.substr(0, n), "t").ok()) << n;
}

TEST(JsonTest, ErrorsNameFileOffsetAndText) {
  EXPECT_EQ(Message(R"({"a": tru})"),
            "[config.json] JSON at byte 9, got '}', expected well-formed JSON");
  EXPECT_THAT(Message("[1, 2"), HasSubstr("at byte 5, got the end"));
  for (const char* bad :
       {"",         "{",           "[1,]",  "{\"a\":1,}", "01",     "+1",      "NaN",
        "Infinity", "'a'",         "[1] 2", "\"\\x\"",    "\"\t\"", "{1:2}",   "/**/1",
        "1e999",    "\"\\ud800\"", "nul",   "{\"a\" 1}",  "\xff",   "\"\xff\""}) {
    EXPECT_THAT(Message(bad), testing::StartsWith("[config.json] JSON at byte ")) << bad;
  }
}

TEST(JsonTest, DuplicateKeysAreAnError) {
  EXPECT_EQ(Message(R"({"a":1,"b":{"a":2},"a":3})"),
            "[config.json] key, got 'a' twice, expected keys that differ");
  EXPECT_THAT(Message(R"({"x":{"a":1,"\u0061":2}})"), HasSubstr("'a' twice"));
  EXPECT_TRUE(ParseJson(R"([{"a":1},{"a":1}])", "t").ok());
}

TEST(JsonTest, DepthIsLimited) {
  const JsonLimits limits = {.max_depth = 64};
  const auto nested = [](size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(ParseJson(nested(64), "t", limits).ok());
  EXPECT_THAT(Message(nested(65), limits), HasSubstr("depth of JSON at byte 64, got more than 64"));
  EXPECT_THAT(Message(std::string(10'000'000, '['), limits), HasSubstr("depth"));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(Message(objects, limits), HasSubstr("depth"));
}

TEST(JsonTest, SizeAndNumberOfValuesAreLimited) {
  EXPECT_THAT(Message("[1,2,3]", {.max_bytes = 6}), HasSubstr("got 7 bytes, expected at most 6"));
  EXPECT_TRUE(ParseJson("[1,2,3]", "t", {.max_bytes = 7, .max_values = 4}).ok());
  EXPECT_THAT(Message("[1,2,3]", {.max_values = 3}),
              HasSubstr("number of values, got more than 3"));
}

TEST(JsonTest, TokensAreLimited) {
  const JsonLimits limits = {.max_string_bytes = 5};
  EXPECT_TRUE(ParseJson(R"({"abcd":"\n\n"})", "t", limits).ok());
  EXPECT_THAT(Message(R"(["abcdef"])", limits),
              HasSubstr("string of JSON at byte 1, got more than 5"));
  EXPECT_THAT(Message(Concat("[", std::string(2 << 20, ' '), "]")),
              HasSubstr("space of JSON at byte 0"));
  EXPECT_THAT(Message(Concat("[", std::string(2 << 20, '0'), "]")),
              HasSubstr("space of JSON at byte 0"));
}

TEST(JsonTest, ManyKeysTakeLinearTime) {
  std::string text = "{\"k\":0";
  for (int i = 0; i < 300'000; ++i) text += Concat(",\"k", i, "\":", i);
  const auto json = ParseJson(text + "}", "t");  // a quadratic search would take minutes
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->size(), 300'001u);
}

// Each allocation fails once, those of destruction included: nothing leaks and nothing ends the
// process.
TEST(JsonTest, SurvivesShortageOfMemory) {
  const std::string text =
      R"({"a":[1,[2,{"b":[3,"a string of more than fifteen bytes"]}],{}],"c":{"d":{"e":[[],[null]]}},"f":1.5})";
  (void)ParseJson(text, "t");  // what the library keeps from a first call
  for (int64_t nth = 0;; ++nth) {
    const int64_t before = test::LiveAllocations();
    bool failed = false;
    try {
      const test::FailAllocation fail(nth);
      auto json = ParseJson(text, "t");
      failed = fail.failed();
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    EXPECT_EQ(test::LiveAllocations(), before) << "allocation " << nth;
    if (!failed) break;
    ASSERT_LT(nth, 10'000);
  }
}

TEST(JsonTest, NumbersKeepTheirKind) {
  const auto json = ParseJson("[0,-1,18446744073709551615,18446744073709551616,1.0,-0.0,2e3]", "t");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_TRUE((*json)[0].is_unsigned() && (*json)[0].get<int32_t>() == 0);
  EXPECT_TRUE((*json)[1].is_integer() && !(*json)[1].is_unsigned());
  EXPECT_EQ((*json)[1].get<int64_t>(), -1);
  EXPECT_EQ((*json)[2].get<uint64_t>(), UINT64_MAX);
  EXPECT_EQ((*json)[2].get<double>(), 0x1p64);
  for (size_t i = 3; i < json->size(); ++i) {
    EXPECT_TRUE((*json)[i].is_number() && !(*json)[i].is_integer()) << i;
  }
  EXPECT_EQ(WriteJson(*json), "[0,-1,18446744073709551615,18446744073709551616.0,1.0,-0.0,2000.0]");
  EXPECT_EQ(ParseJson(WriteJson(*json), "t").value(), *json);
  EXPECT_EQ(WriteJson(Json(1 / 0.0)), "null") << "JSON has no infinity";
}

TEST(JsonTest, LooksUpAndTellsKinds) {
  const Json json = ParseJson(R"({"a":null,"b":[true,"x"],"c":{}})", "t").value();
  EXPECT_TRUE(json.Find("a")->is_null());
  EXPECT_EQ(json.Find("d"), nullptr);
  EXPECT_EQ(json.Find("b")->Find("a"), nullptr);
  EXPECT_EQ((*json.Find("b"))[0], true);
  EXPECT_EQ(*(*json.Find("b"))[1].string(), "x");
  EXPECT_EQ((*json.Find("b"))[0].string(), nullptr);
  EXPECT_EQ(json.size(), 3u);
  EXPECT_EQ(Json("text").size(), 0u);
  const Json kinds[] = {nullptr, true, -1, 0.5, "x", Json::Array(), Json::Object()};
  const char* names[] = {"null", "boolean", "number", "number", "string", "array", "object"};
  for (size_t i = 0; i < std::size(kinds); ++i) EXPECT_STREQ(kinds[i].type_name(), names[i]);
}

TEST(JsonTest, WritesStringsThatJsonCanRead) {
  EXPECT_EQ(WriteJson("\"\\/\n\t\x01 é"), "\"\\\"\\\\/\\n\\u0009\\u0001 é\"");
  EXPECT_EQ(WriteJson("a\xff"), "\"a\xef\xbf\xbd\"");
  EXPECT_EQ(WriteJson("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  EXPECT_EQ(*ParseJson(WriteJson(all), "t").value().string(), all);
}

TEST(Utf8Test, FindsTheFirstBadByte) {
  EXPECT_EQ(FirstInvalidUtf8(""), std::string_view::npos);
  EXPECT_EQ(FirstInvalidUtf8("aé€😀\x7f"), std::string_view::npos);
  EXPECT_EQ(FirstInvalidUtf8(std::string_view("\0a", 2)), std::string_view::npos);
  for (const std::string_view bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x9f\xbf", "\xe2\x82",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xfe", "\xff", "\xe2\x28\xa1"}) {
    EXPECT_EQ(FirstInvalidUtf8(bad), 0u);
    EXPECT_EQ(FirstInvalidUtf8("é" + std::string(bad) + "é"), 2u);
  }
}

// All 1,112,064 code points are accepted, all surrogates refused.
TEST(Utf8Test, EveryCodePoint) {
  for (uint32_t c = 0; c < 0x110000; ++c) {
    std::string text;
    if (c < 0x80) {
      text = {static_cast<char>(c)};
    } else if (c < 0x800) {
      text = {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      text = {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    } else {
      text = {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
    }
    ASSERT_EQ(FirstInvalidUtf8(text) == std::string_view::npos, c < 0xd800 || c > 0xdfff) << c;
  }
}

TEST(ExcerptTest, IsShortAndPrintable) {
  EXPECT_EQ(Excerpt("plain"), "plain");
  EXPECT_EQ(Excerpt("a\nb\x01\xff"), "a\\nb\\001\\377");
  EXPECT_EQ(Excerpt("abcdef", 3), "abc…");
}

TEST(ConcatTest, TakesEveryPiece) {
  const std::string text = "s";
  EXPECT_EQ(Concat(std::string_view("v"), text, "c", 1, uint64_t{2}, absl::string_view("a")),
            "vsc12a");
}

}  // namespace
}  // namespace erato
