#include "tokenizer/bpe_merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace erato::bpe {
namespace {

// Pieces over a small alphabet with random ranks: several share one, and wholes may rank before
// their parts.
struct Pieces {
  Pieces(std::mt19937& rng, size_t count, int letters, int ranks) {
    for (size_t i = 0; i < count; ++i) {
      std::string piece;
      for (size_t n = 2 + rng() % 5; n > 0; --n)
        piece.push_back(static_cast<char>('a' + rng() % letters));
      by_text.try_emplace(piece,
                          Pair{static_cast<int32_t>(rng() % ranks), static_cast<int32_t>(100 + i)});
    }
  }
  std::map<std::string, Pair> by_text;
};

std::vector<Symbol> Letters(const std::string& word) {
  std::vector<Symbol> symbols;
  for (size_t i = 0; i < word.size(); ++i)
    symbols.push_back({.begin = static_cast<int32_t>(i), .id = word[i] - 'a'});
  return symbols;
}

std::vector<std::pair<int32_t, int32_t>> Outcome(const std::vector<Symbol>& symbols) {
  std::vector<std::pair<int32_t, int32_t>> out;
  for (const Symbol& symbol : symbols) out.emplace_back(symbol.begin, symbol.id);
  return out;
}

TEST(BpeMerge, TheQueueDoesWhatTheScanDoes) {
  std::mt19937 rng(5);
  int merged = 0;
  for (int round = 0; round < 4000; ++round) {
    const int letters = 1 + static_cast<int>(rng() % 4);
    const Pieces pieces(rng, 1 + rng() % 30, letters, 1 + static_cast<int>(rng() % 20));
    std::string word;
    for (size_t n = rng() % 80; n > 0; --n)
      word.push_back(static_cast<char>('a' + rng() % letters));
    const auto find = [&](const Symbol& left, const Symbol&, int32_t end) {
      const auto found = pieces.by_text.find(word.substr(left.begin, end - left.begin));
      return found == pieces.by_text.end() ? Pair{} : found->second;
    };
    std::vector<Symbol> slow = Letters(word), fast = Letters(word);
    MergeByScan(slow, static_cast<int32_t>(word.size()), find);
    MergeByQueue(fast, static_cast<int32_t>(word.size()), find);
    ASSERT_EQ(Outcome(fast), Outcome(slow)) << word;
    merged += slow.size() < word.size();
  }
  EXPECT_GT(merged, 1000);
}

// The measure of work grows with the text, not with its square, whatever repeats.
TEST(BpeMerge, WorkIsLinear) {
  const auto find = [](const Symbol& left, const Symbol&, int32_t end) {
    const int32_t bytes = end - left.begin;  // a piece for every power of two up to 64
    const bool is_piece = bytes >= 2 && bytes <= 64 && (bytes & (bytes - 1)) == 0;
    return is_piece ? Pair{bytes, bytes} : Pair{};
  };
  for (size_t bytes : {size_t{1} << 12, size_t{1} << 16, size_t{1} << 20}) {
    std::vector<Symbol> symbols = Letters(std::string(bytes, 'a'));
    const int64_t steps = MergeByQueue(symbols, static_cast<int32_t>(bytes), find);
    EXPECT_EQ(symbols.size(), bytes / 64);
    EXPECT_LE(steps, static_cast<int64_t>(8 * bytes));
  }
}

TEST(RankQueue, GivesTheLowestRankAndThenTheLeftmost) {
  std::mt19937 rng(7);
  RankQueue queue;
  std::vector<std::pair<int32_t, int32_t>> model;
  for (int step = 0; step < 20000; ++step) {
    if (rng() % 5 < 3) {
      const int32_t rank = static_cast<int32_t>(rng() % 10),
                    position = static_cast<int32_t>(rng() % 1000);
      queue.Push(rank, position);
      model.emplace_back(rank, position);
      continue;
    }
    int32_t rank, position;
    const bool some = queue.Pop(rank, position);
    ASSERT_EQ(some, !model.empty());
    if (!some) continue;
    const auto best = std::min_element(model.begin(), model.end());
    ASSERT_EQ(std::make_pair(rank, position), *best);
    model.erase(best);
  }
}

TEST(BpeMerge, NothingToMerge) {
  const auto never = [](const Symbol&, const Symbol&, int32_t) { return Pair{}; };
  for (size_t n : {0u, 1u, 2u, 50u}) {
    std::vector<Symbol> scan = Letters(std::string(n, 'a')), queue = scan;
    MergeByScan(scan, static_cast<int32_t>(n), never);
    MergeByQueue(queue, static_cast<int32_t>(n), never);
    EXPECT_EQ(scan.size(), n);
    EXPECT_EQ(queue.size(), n);
  }
}

}  // namespace
}  // namespace erato::bpe
