// The chatbot's word wrap: whatever the pieces, the same screen.
#include <clocale>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "samples/erato/chat/terminal.h"

namespace erato::command {
namespace {

std::string Wrap(int width, const std::vector<std::string>& pieces) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  WordWrap wrap(width);
  std::string out;
  for (const std::string& piece : pieces) out += wrap.Put(piece);
  return out + wrap.Finish();
}

TEST(WordWrapTest, WordsFallWhole) {
  EXPECT_EQ(Wrap(12, {"the quick brown fox jumps"}), "the quick\nbrown fox\njumps");
}

std::string Styled(int width, const std::vector<std::string>& pieces) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  WordWrap wrap(width, "<", ">");
  std::string out;
  for (const std::string& piece : pieces) out += wrap.Put(piece);
  return out + wrap.Finish();
}

TEST(WordWrapTest, StrongWordsAndHeadingsAreBold) {
  EXPECT_EQ(Styled(40, {"a **strong word** here"}), "a <strong word> here");
  EXPECT_EQ(Styled(40, {"# Head **ing**\ntext"}), "<# Head **ing**>\ntext");
  EXPECT_EQ(Styled(40, {"* item\n2 ** 3, 2*3, ***"}), "* item\n2 ** 3, 2*3, ***");
  EXPECT_EQ(Styled(40, {"```\n**not** # this\n```\n**this**"}), "```\n**not** # this\n```\n<this>");
  EXPECT_EQ(Styled(40, {"**open\nclosed by the line"}), "<open>\nclosed by the line");
  EXPECT_EQ(Styled(12, {"the **quick brown** fox"}), "the <quick\nbrown> fox");
  const std::string text = "# A\n**b c** d ** e\n* **f**, *g*\n```\n**h**\n```\n**i**";
  std::vector<std::string> letters;
  for (const char letter : text) letters.emplace_back(1, letter);
  EXPECT_EQ(Styled(20, letters), Styled(20, {text}));
}

TEST(WordWrapTest, PiecesDoNotMatter) {
  const std::string text =
      "A word, broken into  pieces;\n\n  indented, and averyveryverylongwordthatcannotfit.\n";
  for (int width = 2; width < 60; ++width) {
    std::vector<std::string> letters;
    for (const char letter : text) letters.emplace_back(1, letter);
    EXPECT_EQ(Wrap(width, letters), Wrap(width, {text})) << width;
  }
}

TEST(WordWrapTest, NoLineReachesTheWidth) {
  const std::string text =
      "some words of many lengths: a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh "
      "iiiiiiiiiiiiiiiiiiiiiiii";
  for (int width = 2; width < 40; ++width) {
    size_t column = 0;
    for (const char letter : Wrap(width, {text})) {
      column = letter == '\n' ? 0 : column + 1;
      ASSERT_LT(column, static_cast<size_t>(width)) << width;
    }
  }
}

TEST(WordWrapTest, NothingIsLostButSpacesAtBreaks) {
  const std::string text = "every letter of this comes out again, at any width whatsoever";
  for (int width = 2; width < 70; ++width) {
    std::string in, out;
    for (const char letter : text) in += letter == ' ' ? "" : std::string(1, letter);
    for (const char letter : Wrap(width, {text}))
      out += letter == ' ' || letter == '\n' ? "" : std::string(1, letter);
    EXPECT_EQ(out, in) << width;
  }
}

TEST(WordWrapTest, WideCharactersTakeTwoColumnsAndBreakAnywhere) {
  EXPECT_EQ(Wrap(7, {"日本語日本語"}), "日本語\n日本語");
}

TEST(WordWrapTest, CodeBlocksStayAsTheyAre) {
  EXPECT_EQ(Wrap(12, {"look here:\n```c\nint x = 1;  int y = 22222;\n```\nand this wraps"}),
            "look here:\n```c\nint x = 1;  int y = 22222;\n```\nand this\nwraps");
}

TEST(WordWrapTest, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(Wrap(40, {"a\033[31mb\a\r\x7f\xc2\x9b"
                      "31mc"}),
            "a[31mb31mc");
}

}  // namespace
}  // namespace erato::command
