// The chatbot's word wrap: whatever the pieces, the same screen.
#include "samples/erato/chat/word_wrap.h"

#include <clocale>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "samples/erato/chat/characters.h"

namespace erato::command {
namespace {

std::string Wrap(int width, const std::vector<std::string>& pieces) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  WordWrap wrap(width);
  std::string out;
  for (const std::string& piece : pieces) {
    wrap.PutText(piece);
    out += wrap.Take();
  }
  wrap.Flush();
  return out + wrap.Take();
}

std::vector<std::string> Letters(const std::string& text) {
  std::vector<std::string> letters;
  for (const char letter : text) letters.emplace_back(1, letter);
  return letters;
}

TEST(WordWrapTest, WordsFallWhole) {
  EXPECT_EQ(Wrap(12, {"the quick brown fox jumps"}), "the quick\nbrown fox\njumps");
}

TEST(WordWrapTest, PiecesDoNotMatter) {
  const std::string text =
      "A word, broken into  pieces;\n\n  indented, and averyveryverylongwordthatcannotfit.\n";
  for (int width = 4; width < 60; ++width) {
    EXPECT_EQ(Wrap(width, Letters(text)), Wrap(width, {text})) << width;
  }
}

TEST(WordWrapTest, NoLineReachesTheWidth) {
  const std::string text =
      "some words of many lengths: a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh "
      "iiiiiiiiiiiiiiiiiiiiiiii 日本語日本語 日本";
  for (int width = 4; width < 40; ++width) {
    std::string line;
    for (const char letter : Wrap(width, {text}) + "\n") {
      if (letter != '\n') {
        line += letter;
        continue;
      }
      ASSERT_LT(ColumnsOf(line), width) << line;
      line.clear();
    }
  }
}

TEST(WordWrapTest, NothingIsLostButSpacesAtBreaks) {
  const std::string text = "every letter of this comes out again, at any width whatsoever";
  for (int width = 4; width < 70; ++width) {
    std::string in, out;
    for (const char letter : text) in += letter == ' ' ? "" : std::string(1, letter);
    for (const char letter : Wrap(width, {text}))
      out += letter == ' ' || letter == '\n' ? "" : std::string(1, letter);
    EXPECT_EQ(out, in) << width;
  }
}

TEST(WordWrapTest, WideCharactersTakeTwoColumnsAndBreakAnywhere) {
  EXPECT_EQ(Wrap(7, {"日本語日本語"}), "日本語\n日本語");
  EXPECT_EQ(Wrap(6, {"e\u0301e\u0301e\u0301e\u0301e\u0301 x"}),
            "e\u0301e\u0301e\u0301e\u0301e\u0301\nx");  // accents take none
}

TEST(WordWrapTest, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(Wrap(40, {"a\033[31mb\a\r\x7f\xc2\x9b"
                      "31mc"}),
            "a[31mb31mc");
}

TEST(WordWrapTest, LinesHangBehindAPrefixUntilTheyEnd) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  WordWrap wrap(20);
  wrap.PutText("- ");
  wrap.Hang("  ");
  wrap.PutText("one two three four five\nsix seven eight nine ten");
  wrap.Flush();
  EXPECT_EQ(wrap.Take(), "- one two three\n  four five\nsix seven eight\nnine ten");
}

TEST(WordWrapTest, StylesGoOnOverBreaksAndEndWithTheLine) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  WordWrap wrap(16, true);
  wrap.PutText("> ", kDim);
  wrap.Hang("> ", kDim);
  wrap.PutText("aaaa bbbb cccc", kBold);
  wrap.PutText(" dddd\n");
  wrap.PutText("e", kBold);
  wrap.Flush();
  const std::string bold = EscapeOf(kBold), dim = EscapeOf(kDim), plain = EscapeOf(kPlain);
  EXPECT_EQ(wrap.Take(), dim + "> "[0] + " " + bold + "aaaa bbbb\n" + dim + "> " + bold + "cccc " +
                             plain + "dddd\n" + bold + "e" + plain);
}

TEST(WordWrapTest, VerbatimLinesStayAsTheyAre) {
  WordWrap wrap(8);
  wrap.Verbatim(true);
  wrap.PutText("int  a = 1;  int b = 2;\n  x");
  wrap.Verbatim(false);
  wrap.PutText(" yyyy zzzz");
  wrap.Flush();
  EXPECT_EQ(wrap.Take(), "int  a = 1;  int b = 2;\n  x\nyyyy\nzzzz");
}

TEST(WordWrapTest, TheWidthMayChange) {
  WordWrap wrap(40);
  wrap.PutText("one two three four five ");
  wrap.SetWidth(10);
  wrap.PutText("six seven eight nine");
  wrap.Flush();
  EXPECT_EQ(wrap.Take(), "one two three four five\nsix seven\neight\nnine");
}

}  // namespace
}  // namespace erato::command
