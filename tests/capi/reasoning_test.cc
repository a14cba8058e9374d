#include "capi/src/reasoning.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace erato::capi {
namespace {

struct Outcome {
  std::string reasoning, answer;
  bool operator==(const Outcome&) const = default;
};

Outcome InPieces(const std::vector<std::string>& pieces, bool inside) {
  const ReasoningMarkers* markers = FindReasoningMarkers("{{ '<think>' }}");
  ReasoningSplitter splitter(markers, inside);
  Outcome out;
  for (const std::string& piece : pieces) splitter.Push(piece, out.reasoning, out.answer);
  splitter.Flush(out.reasoning, out.answer);
  return out;
}

TEST(Reasoning, TemplatesTellTheirMarkers) {
  EXPECT_EQ(FindReasoningMarkers("{{ messages }}"), nullptr);
  EXPECT_EQ(FindReasoningMarkers("x.split('</think>')")->close, "</think>");
  EXPECT_EQ(FindReasoningMarkers("[THINK]")->close, "[/THINK]");
}

TEST(Reasoning, IsWhatStandsInTheBlockThatOpensTheAnswer) {
  EXPECT_EQ(InPieces({"<think>\nwhy not\n</think>\n\nYes."}, false), (Outcome{"why not", "Yes."}));
  EXPECT_EQ(InPieces({"\n <think></think> Yes.\n"}, false), (Outcome{"", "Yes.\n"}));
  EXPECT_EQ(InPieces({"why\n\nnot </think>\nYes."}, true), (Outcome{"why\n\nnot", "Yes."}));
  EXPECT_EQ(InPieces({"It says <think>no</think>."}, false),
            (Outcome{"", "It says <think>no</think>."}));
  EXPECT_EQ(InPieces({"<think>why"}, false), (Outcome{"why", ""}));
  EXPECT_EQ(InPieces({"<think>why </thin"}, false), (Outcome{"why </thin", ""}));
  EXPECT_EQ(InPieces({"<thin"}, false), (Outcome{"", "<thin"}));
  EXPECT_EQ(InPieces({"  "}, false), (Outcome{"", "  "}));
  EXPECT_EQ(InPieces({"a</think>b<think>c</think>"}, true), (Outcome{"a", "b<think>c</think>"}));
}

TEST(Reasoning, CutsDoNotMatter) {
  std::mt19937 random(1);
  const char* const parts[] = {"<think>", "</think>", "<", "think", ">",
                               "/",       "a",        " ", "\n",    "b c"};
  for (int round = 0; round < 30000; ++round) {
    std::string text = random() % 2 ? "<think>" : "";
    for (int i = static_cast<int>(random() % 12); i > 0; --i) text += parts[random() % 10];
    std::vector<std::string> pieces = {""};
    for (const char c : text) {
      if (random() % 3 == 0) pieces.emplace_back();
      pieces.back() += c;
    }
    const bool inside = random() % 2;
    const Outcome whole = InPieces({text}, inside), cut = InPieces(pieces, inside);
    ASSERT_EQ(whole.reasoning, cut.reasoning) << text;
    ASSERT_EQ(whole.answer, cut.answer) << text;
    // Nothing is lost but markers and the white space around the block.
    size_t letters = 0;
    for (const char c : text) letters += c == 'a' || c == 'b' || c == 'c';
    for (const char c : whole.reasoning + whole.answer) letters -= c == 'a' || c == 'b' || c == 'c';
    ASSERT_EQ(letters, 0u);
  }
}

TEST(Reasoning, WithoutMarkersAllIsAnswerAtOnce) {
  ReasoningSplitter splitter(nullptr, false);
  std::string reasoning, answer;
  splitter.Push("<think>x", reasoning, answer);
  EXPECT_EQ(answer, "<think>x");
  EXPECT_EQ(reasoning, "");
}

}  // namespace
}  // namespace erato::capi
