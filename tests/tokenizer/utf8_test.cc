// The stream against the definition: Unicode 15, section 3.9, "substitution of maximal subparts".
#include "tokenizer/utf8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

const std::string kBad = "\xEF\xBF\xBD";

// Well-formedness by decoding and encoding again: slow, and a different way than the table of the
// code under test.
bool IsCodePoint(std::string_view s) {
  const size_t n = s.size();
  if (n == 0 || n > 4) return false;
  unsigned value = static_cast<unsigned char>(s[0]);
  if (n > 1) value &= 0x7Fu >> n;
  for (size_t i = 1; i < n; ++i) value = value << 6 | (static_cast<unsigned char>(s[i]) & 0x3F);
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return false;
  std::string again;
  AppendUtf8(value, again);
  return again == s;
}

// Whether some code point begins with `s`: tries all continuations of the last bytes that matter.
bool BeginsCodePoint(std::string_view s) {
  for (size_t n = s.size(); n <= 4; ++n) {
    for (unsigned second : {0x80u, 0x8Fu, 0x90u, 0x9Fu, 0xA0u, 0xBFu}) {
      std::string whole(s);
      if (whole.size() < n) whole.push_back(static_cast<char>(second));
      whole.resize(std::max(n, whole.size()), '\x80');
      if (IsCodePoint(whole)) return true;
    }
  }
  return false;
}

std::string SlowReplace(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    size_t n = 1;
    while (n <= 4 && n <= bytes.size() && !IsCodePoint(bytes.substr(0, n))) ++n;
    if (n <= 4 && n <= bytes.size()) {
      out.append(bytes.substr(0, n));
      bytes.remove_prefix(n);
      continue;
    }
    n = 1;
    while (n < bytes.size() && BeginsCodePoint(bytes.substr(0, n + 1))) ++n;
    if (!BeginsCodePoint(bytes.substr(0, 1))) n = 1;
    out.append(kBad);
    bytes.remove_prefix(n);
  }
  return out;
}

std::string Stream(std::string_view bytes, size_t piece) {
  Utf8Stream stream;
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    const size_t before = out.size();
    stream.Push(bytes.substr(at, piece), out);
    EXPECT_EQ(FindInvalidUtf8(std::string_view(out).substr(before)), std::string_view::npos);
  }
  stream.Flush(out);
  EXPECT_FALSE(stream.pending());
  return out;
}

TEST(Utf8, EveryScalarValueIsWellFormedAndDecodes) {
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value < 0xE000) continue;
    std::string text;
    AppendUtf8(value, text);
    ASSERT_EQ(FindInvalidUtf8(text), std::string_view::npos) << static_cast<unsigned>(value);
    const CodePoint back = DecodeCodePoint(text, 0);
    ASSERT_TRUE(back.value == value) << static_cast<unsigned>(value);
    ASSERT_EQ(back.bytes, text.size());
  }
}

TEST(Utf8, AllPairsOfBytesAgreeWithTheDefinition) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string bytes = {static_cast<char>(a), static_cast<char>(b)};
      const std::string expected = SlowReplace(bytes);
      ASSERT_EQ(Stream(bytes, 1), expected) << a << " " << b;
      ASSERT_EQ(Stream(bytes, 2), expected) << a << " " << b;
      ASSERT_EQ(FindInvalidUtf8(bytes) == std::string_view::npos, expected == bytes);
    }
  }
}

TEST(Utf8, RandomBytesInAnyPiecesAgreeWithTheDefinition) {
  std::mt19937 rng(1);
  const std::string interesting =
      "\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xFF a";
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    for (size_t n = rng() % 12; n > 0; --n)
      bytes.push_back(interesting[rng() % interesting.size()]);
    const std::string expected = SlowReplace(bytes);
    ASSERT_EQ(Stream(bytes, 1 + rng() % 5), expected);
    ASSERT_EQ(Stream(bytes, bytes.size() + 1), expected);
  }
}

TEST(Utf8, ExampleOfTheStandard) {  // table 3-8
  EXPECT_EQ(Stream("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 3),
            kBad + kBad + kBad + kBad + kBad + kBad + kBad + kBad + "A");
  EXPECT_EQ(Stream("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 4),
            kBad + kBad + kBad + kBad + "A");  // table 3-11
}

TEST(Utf8, FindInvalidNamesTheFirstBadByte) {
  EXPECT_EQ(FindInvalidUtf8("0123456789\xC3\xA9 0123456789\xFF"), 23u);
  EXPECT_EQ(FindInvalidUtf8("abc\xE2\x82"), 3u);
  EXPECT_EQ(FindInvalidUtf8(""), std::string_view::npos);
}

TEST(Utf8, StreamHoldsBackOnlyTheBeginOfACodePoint) {
  Utf8Stream stream;
  std::string out;
  stream.Push("a\xE2\x82", out);
  EXPECT_EQ(out, "a");
  EXPECT_TRUE(stream.pending());
  stream.Push("\xAC", out);
  EXPECT_EQ(out, "a\xE2\x82\xAC");
  EXPECT_FALSE(stream.pending());
}

}  // namespace
}  // namespace erato
