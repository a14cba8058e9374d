#include "capi/src/stop_strings.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace erato::capi {
namespace {

struct Outcome {
  std::string text;
  bool stopped = false;
  bool operator==(const Outcome&) const = default;
};

// The slow and obvious way: letter by letter until the text ends with a stop string.
Outcome Obvious(const std::string& text, const std::vector<std::string>& stops) {
  std::string so_far;
  for (const char c : text) {
    so_far += c;
    size_t cut = std::string::npos;
    for (const std::string& stop : stops) {
      if (so_far.ends_with(stop)) cut = std::min(cut, so_far.size() - stop.size());
    }
    if (cut != std::string::npos) return {so_far.substr(0, cut), true};
  }
  return {text, false};
}

Outcome InPieces(const std::vector<std::string>& pieces, const std::vector<std::string>& stops) {
  StopStrings matcher(stops);
  Outcome outcome;
  for (const std::string& piece : pieces) {
    outcome.stopped = matcher.Push(piece, outcome.text);
    if (outcome.stopped) return outcome;
  }
  matcher.Flush(outcome.text);
  return outcome;
}

std::string RandomText(std::mt19937& random, size_t most) {
  std::string text(random() % (most + 1), ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 3);
  return text;
}

TEST(StopStrings, OnePieceALetterEqualsTheObvious) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(random, 24);
    std::vector<std::string> stops(1 + random() % 3), letters;
    for (std::string& stop : stops) stop = std::string("b").append(RandomText(random, 3));
    for (const char c : text) letters.emplace_back(1, c);
    const Outcome expected = Obvious(text, stops), got = InPieces(letters, stops);
    ASSERT_EQ(got.text, expected.text) << text << " " << stops[0];
    ASSERT_EQ(got.stopped, expected.stopped);
  }
}

// However the text is cut, the answer is the same.
TEST(StopStrings, CutsDoNotMatter) {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomText(random, 24);
    std::vector<std::string> stops(1 + random() % 4);
    for (std::string& stop : stops)
      stop = std::string(1, "abc"[random() % 3]).append(RandomText(random, 4));
    std::vector<std::string> pieces = {""};
    for (const char c : text) {
      if (random() % 3 == 0) pieces.emplace_back();
      pieces.back() += c;
    }
    const Outcome expected = Obvious(text, stops), got = InPieces(pieces, stops);
    ASSERT_EQ(got.text, expected.text) << text << " " << stops[0];
    ASSERT_EQ(got.stopped, expected.stopped);
  }
}

TEST(StopStrings, HoldsBackNoMoreThanItMust) {
  StopStrings matcher({"END"});
  std::string out;
  EXPECT_FALSE(matcher.Push("xxE", out));
  EXPECT_EQ(out, "xx");
  EXPECT_FALSE(matcher.Push("EN", out));
  EXPECT_EQ(out, "xxE");
  EXPECT_FALSE(matcher.Push("y", out));
  EXPECT_EQ(out, "xxEENy");
}

}  // namespace
}  // namespace erato::capi
