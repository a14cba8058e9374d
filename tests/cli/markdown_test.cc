// Markdown on a terminal: what becomes of it, that nothing is lost, and that pieces do not matter.
#include "samples/erato/chat/markdown.h"

#include <algorithm>
#include <cctype>
#include <clocale>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "samples/erato/chat/characters.h"

namespace erato::command {
namespace {

std::string Render(int width, const std::vector<std::string>& pieces, bool styled = true,
                   int style = kPlain) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Markdown markdown(width, styled, style);
  std::string out;
  for (const std::string& piece : pieces) out += markdown.Put(piece);
  return out + markdown.Finish();
}

std::vector<std::string> Characters(std::string_view text) {
  std::vector<std::string> all;
  for (; !text.empty(); text.remove_prefix(all.back().size()))
    all.emplace_back(FirstCharacter(text));
  return all;
}

/// Escape sequences as letters in braces: {bold}, {}.
std::string Shown(const std::string& text, int width = 60) {
  std::string out = Render(width, {text});
  const std::pair<std::string, std::string> names[] = {{EscapeOf(kBold), "{bold}"},
                                                       {EscapeOf(kDim), "{dim}"},
                                                       {EscapeOf(kItalic), "{italic}"},
                                                       {EscapeOf(kCode), "{code}"},
                                                       {EscapeOf(kBold | kUnderline), "{title}"},
                                                       {EscapeOf(kBold | kItalic), "{both}"},
                                                       {EscapeOf(kBold | kCode), "{bold code}"},
                                                       {EscapeOf(kPlain), "{}"}};
  for (const auto& [escape, name] : names) {
    for (size_t at = out.find(escape); at != std::string::npos; at = out.find(escape))
      out.replace(at, escape.size(), name);
  }
  return out;
}

std::string WithoutEscapes(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033')
      i = text.find('m', i);
    else
      out += text[i];
  }
  return out;
}

TEST(Markdown, Emphasis) {
  EXPECT_EQ(Shown("a **strong word** here"), "a {bold}strong word {}here");
  EXPECT_EQ(Shown("a *soft* and _soft_ word"), "a {italic}soft {}and {italic}soft {}word");
  EXPECT_EQ(Shown("***both***, **bold *both***"), "{both}both{}, {bold}bold {both}both{}");
  EXPECT_EQ(Shown("*a **b** c*"), "{italic}a {both}b {italic}c{}");
  EXPECT_EQ(Shown("**重点**内容"), "{bold}重点{}内容");
  EXPECT_EQ(Shown("**`x`: y**"), "{bold code}x{bold}: y{}");
}

TEST(Markdown, WhatIsNoMarkerStays) {
  for (const char* text : {"2 ** 3, 2*3*4, 2**3**4",
                           "*",
                           "**open to the line's end",
                           "snake_case_name, _x, __init__",
                           "a *****",
                           "** not **",
                           "a * b * c",
                           "**kwargs and *args",
                           "`open",
                           "``a`",
                           "_a_b",
                           "#tag",
                           "#",
                           "####### seven",
                           "-5 degrees",
                           "1.5 and 2)x",
                           "|",
                           "5|6",
                           "--",
                           "~~~",
                           "\\"}) {
    EXPECT_EQ(Shown(text), text[0] == '~' ? "{dim}~~~{}" : text) << text;
  }
}

TEST(Markdown, Escapes) { EXPECT_EQ(Shown("\\*a\\* \\_ \\` \\( \\\\"), "*a* _ ` \\( \\\\"); }

TEST(Markdown, Code) {
  EXPECT_EQ(Shown("call `f(*a)` now"), "call {code}f(*a) {}now");
  EXPECT_EQ(Shown("`` a`b `` and `**x**`"), "{code}a`b {}and {code}**x**{}");
  EXPECT_EQ(Shown("```c\nint *a;  // **no** `not`\n\n  b;\n```\n**yes**"),
            "{dim}```c{}\nint *a;  // **no** `not`\n\n  b;\n{dim}```{}\n{bold}yes{}");
  EXPECT_EQ(Shown("~~~\n```\n~~~~\nx"), "{dim}~~~{}\n```\n{dim}~~~~{}\nx");
  EXPECT_EQ(Shown("```\nnever closed"), "{dim}```{}\nnever closed");
  EXPECT_EQ(Shown("```not a fence``` x"), "{code}not a fence {}x");
  const std::string line(100, 'x');
  EXPECT_EQ(Shown("```\n" + line + " y\n```", 20), "{dim}```{}\n" + line + " y\n{dim}```{}");
}

TEST(Markdown, Headings) {
  EXPECT_EQ(Shown("# Big\n### Small *x*\ntext"), "{title}Big{}\n{bold}Small {both}x{}\ntext");
}

TEST(Markdown, Lists) {
  EXPECT_EQ(Shown("* one\n- two\n+ three\n  - four"), "• one\n• two\n• three\n  • four");
  EXPECT_EQ(Shown("- one two three four five", 20), "• one two three\n  four five");
  EXPECT_EQ(Shown("10. one two three four five", 20), "10. one two three\n    four five");
  EXPECT_EQ(Shown("1. **One:** first"), "1. {bold}One: {}first");
  EXPECT_EQ(Shown("- [ ] to do"), "• [ ] to do");
  EXPECT_EQ(Shown("1. code:\n   ```\n   x\n   ```\n2. b"),
            "1. code:\n   {dim}```{}\n   x\n   {dim}```{}\n2. b");
}

TEST(Markdown, Quotes) {
  EXPECT_EQ(Shown("> one two three four five", 20), "{dim}│ {}one two three\n{dim}│ {}four five");
  EXPECT_EQ(Shown("> - a\n>> b"), "{dim}│ {}• a\n{dim}│ │ {}b");
}

TEST(Markdown, Rules) {
  EXPECT_EQ(Shown("a\n---\nb", 8), "a\n{dim}───────{}\nb");
  EXPECT_EQ(Shown("* * *", 8), "{dim}───────{}");
}

TEST(Markdown, Tables) {
  EXPECT_EQ(Shown("| Name | Age |\n|:--|--:|\n| Ann | 30 |\n| Bo **x** | 4 |\nend"),
            "{bold}Name    {dim} │ {bold}Age{}\n{dim}─────────┼────{}\n"
            "Ann     {dim} │ {} 30\nBo {bold}x{}    {dim} │ {}  4\nend");
  EXPECT_EQ(Shown("| no table |\nat all"), "| no table |\nat all");
  EXPECT_EQ(Shown("| a |\n| b |"), "| a |\n| b |");
  EXPECT_EQ(Shown("| a | b |"), "| a | b |");
}

TEST(Markdown, TablesFitAndLoseNothing) {
  const std::string words = "several words that need some room";
  const std::string text = "| One | Two |\n|---|---|\n| x | y |\n| " + words + " | " + words +
                           " |\n| a | b | c |\n| only |\n";
  for (int width = 24; width < 90; ++width) {
    const std::string out = WithoutEscapes(Render(width, {text}));
    std::string line;
    for (const char byte : out) {
      if (byte != '\n') {
        line += byte;
        continue;
      }
      EXPECT_LT(ColumnsOf(line), width) << out;
      line.clear();
    }
    const auto count = [&](char letter) { return std::count(out.begin(), out.end(), letter); };
    EXPECT_EQ(count('v'), 2) << out;
    EXPECT_EQ(count('c'), 1) << out;
    EXPECT_EQ(count('y'), 2) << out;
  }
}

TEST(Markdown, WithoutStylesTextStaysAsItIs) {
  const std::string text =
      "# A\n**b** `c` _d_ \\*\n* e\n> f\n\n---\n| g | h |\n|---|---|\n| i | j |\n```c\n k\n```\n";
  EXPECT_EQ(Render(60, {text}, false), text);
  EXPECT_EQ(Render(20, {"- one two three four five"}, false), "- one two three\n  four five");
  EXPECT_EQ(Render(12, {"| long row | of a table |"}, false), "| long row | of a table |");
}

TEST(Markdown, ABaseStyleIsUnderAll) {
  EXPECT_EQ(Render(40, {"a **b**\nc"}, true, kDim), EscapeOf(kDim) + "a " + EscapeOf(kDim | kBold) +
                                                        "b" + EscapeOf(kPlain) + "\n" +
                                                        EscapeOf(kDim) + "c" + EscapeOf(kPlain));
}

std::string GoOn(const std::string& begun, const std::string& more) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Markdown markdown(40, true);
  markdown.Resume(begun);
  const std::string out = markdown.Put(more);
  return out + markdown.Finish();
}

TEST(Markdown, GoesOnWhereItWasLeft) {
  EXPECT_EQ(GoOn("see:\n```\nint a;\nint", " *b;\n"), " *b;\n");
  EXPECT_EQ(GoOn("a wor", "d - # x"), "d - # x");
  EXPECT_EQ(GoOn("a\n", "- b"), "• b");
  EXPECT_EQ(GoOn("", "- b"), "• b");
}

TEST(Markdown, WhatIsSureComesAtOnce) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Markdown markdown(40, true);
  EXPECT_EQ(markdown.Put("some words "), "some words");
  EXPECT_EQ(markdown.Put("and **bold "), " and");
  EXPECT_EQ(markdown.Put("x** y "), " " + EscapeOf(kBold) + "bold x " + EscapeOf(kPlain) + "y");
  // An open marker holds nothing up for long.
  std::string out = markdown.Put("*");
  for (int i = 0; i < 200; ++i) out += markdown.Put("ab ");
  EXPECT_NE(out.find("*ab"), std::string::npos);
}

std::string RandomText(std::mt19937& random) {
  static const char* const kParts[] = {
      "*",   "**",   "***",  "_",    "`",     "``",          "```",         "~~~",     "\n",
      "\n",  "\n\n", " ",    " ",    "  ",    "# ",          "## ",         "- ",      "* ",
      "1. ", "> ",   "|",    " | ",  "|---|", "|---|---|\n", "| a | b |\n", "---",     "\\",
      "a",   "b c",  "word", "日本", "é",     "x_y",         "2*3",         "\n```\n", "\n| a |\n"};
  std::string text;
  for (size_t n = random() % 40; n > 0; --n) text += kParts[random() % std::size(kParts)];
  return text;
}

TEST(Markdown, PiecesDoNotMatter) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(random);
    std::vector<std::string> pieces = {""};
    for (const std::string& character : Characters(text)) {
      if (random() % 4 == 0) pieces.emplace_back();
      pieces.back() += character;
    }
    const int width = 8 + static_cast<int>(random() % 60);
    const bool styled = random() % 4 != 0;
    const std::string whole = Render(width, {text}, styled);
    ASSERT_EQ(Render(width, Characters(text), styled), whole) << text;
    ASSERT_EQ(Render(width, pieces, styled), whole) << text;
  }
}

TEST(Markdown, NoLetterIsLostOrDoubled) {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(random);
    const int width = 8 + static_cast<int>(random() % 60);
    const std::string styled = WithoutEscapes(Render(width, {text})),
                      plain = Render(width, {text}, false);
    const auto letters = [](const std::string& from) {
      std::string kept;
      for (const std::string& character : Characters(from)) {
        const bool letter = character.size() > 1 ? character[0] != '\xe2' : isalnum(character[0]);
        if (letter) kept += character;
      }
      return kept;
    };
    // Cells of a table may be shown line by line beside each other.
    std::string in = letters(text), out = letters(styled);
    if (text.find('|') != std::string::npos) {
      std::sort(in.begin(), in.end());
      std::sort(out.begin(), out.end());
    }
    ASSERT_EQ(out, in) << text;
    ASSERT_EQ(letters(plain), letters(text)) << text;
    std::string solid_in, solid_out;  // without styles, markers stay too
    for (const char byte : text)
      solid_in += byte == ' ' || byte == '\n' ? "" : std::string(1, byte);
    for (const char byte : plain)
      solid_out += byte == ' ' || byte == '\n' ? "" : std::string(1, byte);
    const bool quotes = text.find('>') != std::string::npos;  // their bars are repeated
    ASSERT_TRUE(quotes || solid_out == solid_in) << text << "\n---\n" << plain;
  }
}

TEST(Markdown, LinesOfAnyLengthTakeLinearTime) {
  for (const char* part :
       {"*", "`", "_", "a*", "|", "#", "- ", "> ", " a", "**a ", "1", "[x](", "-"}) {
    std::string text;
    while (text.size() < 200000) text += part;
    EXPECT_GT(Render(80, {text}).size(), text.size() / 8) << part;
    Markdown markdown(80, true);
    size_t written = 0;
    for (size_t i = 0; i < 20000; ++i) written += markdown.Put(part).size();
    EXPECT_GT(written + markdown.Finish().size(), 100u) << part;
  }
}

}  // namespace
}  // namespace erato::command
