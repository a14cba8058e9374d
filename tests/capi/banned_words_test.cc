// Which tokens banned words forbid, against looking at every token's text.
#include "capi/src/banned_words.h"

#include <cmath>
#include <random>
#include <set>

#include "gtest/gtest.h"

namespace erato::capi {
namespace {

std::unique_ptr<const Tokenizer> Letters(std::mt19937& random) {
  Vocabulary vocabulary;
  vocabulary.pieces = {"a", "b", "c", "<|end|>"};
  std::set<std::string> seen(vocabulary.pieces.begin(), vocabulary.pieces.end());
  while (vocabulary.pieces.size() < 40) {
    std::string piece(2 + random() % 4, ' ');
    for (char& c : piece) c = "abc"[random() % 3];
    if (seen.insert(piece).second) vocabulary.pieces.push_back(piece);
  }
  vocabulary.types.assign(vocabulary.pieces.size(), Vocabulary::PieceType::kNormal);
  vocabulary.types[3] = Vocabulary::PieceType::kControl;
  auto made = Tokenizer::Create(std::move(vocabulary));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

TEST(BannedWords, ForbidExactlyWhatWouldCompleteOne) {
  std::mt19937 random(1);
  for (int round = 0; round < 400; ++round) {
    const auto tokenizer = Letters(random);
    std::vector<std::string> words(1 + random() % 4);
    for (std::string& word : words) {
      word.resize(1 + random() % 7);
      for (char& c : word) c = "abc"[random() % 3];
    }
    const BannedWords banned(tokenizer.get(), words);
    std::vector<int32_t> answer;
    std::string text;
    for (int step = 0; step < 12; ++step) {
      std::vector<float> logits(tokenizer->size() + 5, 1.0f);
      banned.Forbid(answer, absl::MakeSpan(logits));
      for (int32_t id = 0; id < tokenizer->size(); ++id) {
        std::string longer = text;
        tokenizer->AppendBytes(id, false, longer);
        bool completes = false;
        for (const std::string& word : words) {
          for (size_t end = text.size() + 1; end <= longer.size(); ++end) {
            completes |= std::string_view(longer).substr(0, end).ends_with(word);
          }
        }
        ASSERT_EQ(std::isinf(logits[id]), completes) << longer << " " << words[0];
      }
      for (size_t i = tokenizer->size(); i < logits.size(); ++i) ASSERT_EQ(logits[i], 1.0f);
      answer.push_back(static_cast<int32_t>(random() % tokenizer->size()));
      tokenizer->AppendBytes(answer.back(), false, text);
    }
  }
}

TEST(TokensThatHold, FindsThem) {
  std::mt19937 random(2);
  const auto tokenizer = Letters(random);
  const std::vector<uint8_t> hold = TokensThatHold(*tokenizer, 50, {"ab", "c"});
  ASSERT_EQ(hold.size(), 50u);
  for (int32_t id = 0; id < 50; ++id) {
    std::string bytes;
    if (id < tokenizer->size()) tokenizer->AppendBytes(id, false, bytes);
    const bool holds =
        bytes.find("ab") != std::string::npos || bytes.find('c') != std::string::npos;
    EXPECT_EQ(hold[id] != 0, holds) << bytes;
  }
}

}  // namespace
}  // namespace erato::capi
