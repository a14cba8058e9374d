#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/tokenizer/cases.h"
#include "tokenizer/unicode_class.h"
#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

using test::Json;

const char* const kNames[] = {"gpt-2", "llama-bpe", "qwen2", "smollm"};

std::vector<std::string> Words(const PreTokenizer& p, std::string_view text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = p.rule->scanner(text, begin);
    if (end <= begin || end > text.size()) {
      ADD_FAILURE() << "word [" << begin << ", " << end << ") of " << text.size();
      break;
    }
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

TEST(PreTokenizer, CutsAsTheRegularExpressions) {
  const Json cases = test::ReadCases("tokenizer/pre_tokenizers.json");
  ASSERT_EQ(cases.size(), std::size(kNames));
  int checked = 0;
  for (const auto& [name, rows] : cases.items()) {
    const auto p = FindPreTokenizer(name);
    ASSERT_TRUE(p.ok()) << p.status();
    for (const auto& row : rows) {
      EXPECT_EQ(Words(**p, row[0].get<std::string>()), row[1].get<std::vector<std::string>>())
          << name << " " << row[0];
      ++checked;
    }
  }
  EXPECT_GE(checked, 400);
}

TEST(PreTokenizer, WordsAreWholeCodePointsAndMakeUpTheText) {
  std::mt19937 rng(3);
  for (const char* name : kNames) {
    const PreTokenizer& p = **FindPreTokenizer(name);
    for (int round = 0; round < 3000; ++round) {
      const std::string text = test::RandomText(rng, rng() % 20);
      std::string joined;
      for (const std::string& word : Words(p, text)) {
        ASSERT_EQ(FindInvalidUtf8(word), std::string_view::npos);
        joined += word;
      }
      ASSERT_EQ(joined, text) << name;
    }
  }
}

// Quadratic work would not end within the test's time: a megabyte is 10^12 steps.
TEST(PreTokenizer, AMegabyteOfOneThingIsLinear) {
  for (const char* name : kNames) {
    const PreTokenizer& p = **FindPreTokenizer(name);
    for (std::string part :
         {"a", " ", "\n", "\t ", "'", "1", "\u0301", "\n   ", " \n", "'l", "<|", "\u00a0"}) {
      std::string text;
      while (text.size() < (1 << 20)) text += part;
      size_t bytes = 0;
      for (size_t begin = 0; begin < text.size(); begin = bytes)
        bytes = p.rule->scanner(text, begin);
      EXPECT_EQ(bytes, text.size());
    }
  }
}

TEST(PreTokenizer, KnownRules) {
  using testing::ElementsAre;
  const PreTokenizer &gpt2 = **FindPreTokenizer("gpt-2"), &llama = **FindPreTokenizer("llama-bpe"),
                     &qwen = **FindPreTokenizer("qwen2"), &smollm = **FindPreTokenizer("smollm");
  EXPECT_THAT(Words(gpt2, "I'LL it's  12345\n\n x"),
              ElementsAre("I", "'", "LL", " it", "'s", " ", " 12345", "\n\n", " x"));
  EXPECT_THAT(Words(llama, "I'LL 12345.\n\n x\n"),
              ElementsAre("I", "'LL", " ", "123", "45", ".\n\n", " x", "\n"));
  EXPECT_THAT(Words(qwen, " 123"), ElementsAre(" ", "1", "2", "3"));
  EXPECT_THAT(Words(smollm, "a  12 b"), ElementsAre("a", "  ", "1", "2", " b"));
  EXPECT_THAT(Words(llama, "\tword"), ElementsAre("\tword"));
}

TEST(PreTokenizer, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  const auto p = FindPreTokenizer("nonesuch\x01");
  ASSERT_FALSE(p.ok());
  EXPECT_THAT(std::string(p.status().message()),
              testing::StartsWith("[vocabulary] pre-tokeniser, got \"nonesuch\\x01\", expected one "
                                  "of gpt-2, default, llama-bpe, "));
  ASSERT_TRUE(FindPreTokenizer("").ok());
  EXPECT_EQ((*FindPreTokenizer(""))->name, "gpt-2");
}

TEST(UnicodeClass, KnownCodePoints) {
  for (char32_t c : {U'a', U'Z', U'\u00e9', U'\u4f60', U'\u0905', U'\U00010400', U'\u02b0'}) {
    EXPECT_EQ(UnicodeClassOf(c), UnicodeClass::kLetter) << static_cast<unsigned>(c);
  }
  for (char32_t c : {U'0', U'\u00bd', U'\u2167', U'\u0663', U'\u00b2'}) {
    EXPECT_EQ(UnicodeClassOf(c), UnicodeClass::kNumber) << static_cast<unsigned>(c);
  }
  for (char32_t c : {U' ', U'\t', U'\v', U'\u00a0', U'\u3000', U'\u2028', U'\u0085'}) {
    EXPECT_EQ(UnicodeClassOf(c), UnicodeClass::kSpace) << static_cast<unsigned>(c);
  }
  for (char32_t c : {U'_', U'\u0301', U'\u200b', U'\u200d', U'\x1c', U'\U0010FFFF', U'\u0378'}) {
    EXPECT_EQ(UnicodeClassOf(c), UnicodeClass::kOther) << static_cast<unsigned>(c);
  }
  EXPECT_EQ(UnicodeClassOf('\n'), UnicodeClass::kNewline);
  EXPECT_EQ(UnicodeClassOf('\r'), UnicodeClass::kNewline);
}

}  // namespace
}  // namespace erato
