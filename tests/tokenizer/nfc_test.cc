#include "tokenizer/nfc.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <cstdlib>
#include <random>
#include <string>

#include "tests/tokenizer/cases.h"
#include "tokenizer/normal_form.h"
#include "tokenizer/pipeline/young_letters.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

std::string Reference(const std::string& text) {
  utf8proc_uint8_t* out = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const utf8proc_ssize_t n =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &out, options);
  std::string result =
      n < 0 ? "?" : std::string(reinterpret_cast<char*>(out), static_cast<size_t>(n));
  std::free(out);
  return result;
}

TEST(Nfc, KnownForms) {
  EXPECT_EQ(NormalizeNfc("e\u0301"), "\u00e9");
  EXPECT_EQ(NormalizeNfc("\u212b"), "\u00c5");
  EXPECT_EQ(NormalizeNfc("a\u0301\u0323"), "\u1ea1\u0301");  // marks in the order of their classes
  EXPECT_EQ(NormalizeNfc("\u1100\u1161\u11a8"), "\uac01");
  EXPECT_EQ(NormalizeNfc("\uac00\u11a7"), "\uac00\u11a7");  // U+11A7 is no trailing consonant
  EXPECT_EQ(NormalizeNfc("\u0958"), "\u0915\u093c");        // excluded from composition
  EXPECT_EQ(NormalizeNfc(""), "");
}

TEST(Nfc, EveryCodePointAsTheLibraryHasIt) {
  for (char32_t value = 0; value < 0x30000; ++value) {
    if ((value >= 0xD800 && value < 0xE000) || letter::IsYoungInNormalForms(value)) continue;
    std::string text = "a";
    AppendUtf8(value, text);
    text += "\u0301";
    ASSERT_EQ(NormalizeNfc(text), Reference(text)) << static_cast<unsigned>(value);
  }
}

// What the tokenizers that vocabularies were trained with do not know.
TEST(Nfc, LettersYoungerThanUnicode9StayAsTheyAre) {
  for (NormalForm form : {NormalForm::kC, NormalForm::kD, NormalForm::kKc, NormalForm::kKd}) {
    for (const char* text : {"\u32ff", "\U000107b9", "\U0001fbf4", "a\u07fd\u0301", "\U00011938"}) {
      EXPECT_EQ(Normalize(text, form), text);
    }
  }
  EXPECT_EQ(Normalize("e\u0301\u32fe\u32ff\u212b", NormalForm::kKc), "\u00e9\u30f2\u32ff\u00c5");
}

TEST(Nfc, RunsOfMarksAsTheLibraryHasThem) {
  std::mt19937 rng(11);
  const char32_t marks[] = {0x301,  0x323,   0x328, 0x345, 0x5B0,  0x93C,
                            0x3099, 0x1D165, 'a',   'e',   0x1E63, 0xAC00};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t n = rng() % 10; n > 0; --n) AppendUtf8(marks[rng() % std::size(marks)], text);
    const std::string once = NormalizeNfc(text);
    ASSERT_EQ(once, Reference(text));
    ASSERT_EQ(NormalizeNfc(once), once);
  }
}

TEST(Nfc, AMegabyteOfMarksOutOfOrderIsSortedInTime) {
  std::string text = "a";
  for (int i = 0; i < 250000; ++i) text += "\u0301\u0323";
  const std::string out = NormalizeNfc(text);
  EXPECT_TRUE(out.starts_with("\u1ea1\u0323\u0323"));
  EXPECT_TRUE(out.ends_with("\u0301\u0301"));
}

}  // namespace
}  // namespace erato
