// The block allocator against a set: random takes and returns, a pool that will not grow, memory
// given back.
#include <random>
#include <set>

#include "core/engine/blocks.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"

namespace erato {
namespace {

using ::testing::ElementsAre;
using Hook = std::function<absl::Status(int32_t)>;

TEST(BlockAllocator, CountsBlocksOfTokens) {
  EXPECT_EQ(BlocksFor(0), 0);
  EXPECT_EQ(BlocksFor(1), 1);
  EXPECT_EQ(BlocksFor(32), 1);
  EXPECT_EQ(BlocksFor(33), 2);
}

TEST(BlockAllocator, GivesTheLowestIdsFirst) {
  Hook hook;
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 10);
  std::vector<int32_t> a, b;
  ASSERT_TRUE(blocks.Take(4, a).ok());
  EXPECT_THAT(a, ElementsAre(0, 1, 2, 3));
  blocks.GiveBack(a, 1);
  ASSERT_TRUE(blocks.Take(2, b).ok());
  EXPECT_THAT(b, ElementsAre(1, 2));
  ASSERT_TRUE(blocks.Take(2, b).ok());
  EXPECT_THAT(b, ElementsAre(1, 2, 3, 4));
}

TEST(BlockAllocator, TakesAllOrNothing) {
  Hook hook;
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 3);
  std::vector<int32_t> table;
  EXPECT_EQ(blocks.Take(4, table).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(blocks.available(), 3);
  EXPECT_TRUE(blocks.Take(3, table).ok());
  EXPECT_EQ(blocks.available(), 0);
}

TEST(BlockAllocator, APoolThatWillNotGrowIsAskedAgainAfterRetry) {
  bool grows = true;
  Hook hook = [&](int32_t) {
    return grows ? absl::OkStatus() : absl::ResourceExhaustedError("full");
  };
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 100);
  std::vector<int32_t> a, b;
  ASSERT_TRUE(blocks.Take(8, a).ok());
  grows = false;
  EXPECT_FALSE(blocks.Take(1, b).ok());
  EXPECT_EQ(blocks.available(), 0);  // no more than what is free
  blocks.GiveBack(a, 5);
  EXPECT_EQ(blocks.available(), 3);
  grows = true;
  EXPECT_FALSE(blocks.Take(4, b).ok());
  blocks.Retry();
  EXPECT_TRUE(blocks.Take(4, b).ok());
}

TEST(BlockAllocator, FallsBackToWhatIsNeeded) {
  Hook hook = [&](int32_t n) {
    return n <= 9 ? absl::OkStatus() : absl::ResourceExhaustedError("full");
  };
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 100);
  std::vector<int32_t> table;
  ASSERT_TRUE(blocks.Take(8, table).ok());
  EXPECT_TRUE(blocks.Take(1, table).ok());  // a quarter more would have been ten
  EXPECT_EQ(blocks.total(), 9);
}

TEST(BlockAllocator, GrowsAsFarAsItCanBeforeItFails) {
  Hook hook = [&](int32_t n) {
    return n <= 13 ? absl::OkStatus() : absl::ResourceExhaustedError("full");
  };
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 100);
  std::vector<int32_t> table;
  ASSERT_TRUE(blocks.Take(3, table).ok());
  EXPECT_FALSE(blocks.Take(50, table).ok());
  EXPECT_EQ(blocks.available(), 10);
  EXPECT_EQ(table.size(), 3u);
  EXPECT_TRUE(blocks.Take(10, table).ok());
}

TEST(BlockAllocator, AnUnusedTailGoesBackToTheMachine) {
  Hook hook;
  FakePool pool(&hook);
  BlockAllocator blocks(&pool, 100);
  std::vector<int32_t> a, b;
  ASSERT_TRUE(blocks.Take(4, a).ok());
  ASSERT_TRUE(blocks.Take(16, b).ok());
  blocks.GiveBack(a, 0);
  blocks.Trim();
  EXPECT_EQ(pool.blocks(), 20);  // the used ones are at the end
  ASSERT_TRUE(blocks.Take(4, a).ok());
  blocks.GiveBack(b, 0);
  blocks.Trim();
  EXPECT_EQ(pool.blocks(), 4);
  EXPECT_EQ(blocks.total(), 4);
  ASSERT_TRUE(blocks.Take(2, b).ok());
  EXPECT_THAT(b, ElementsAre(4, 5));
  blocks.Close();
  blocks.GiveBack(a, 0);
  blocks.Trim();
  EXPECT_EQ(blocks.available(), blocks.total() - 2);
}

TEST(BlockAllocator, NeverGivesABlockTwice) {
  Hook hook;
  FakePool pool(&hook);
  std::mt19937 random(1);
  BlockAllocator blocks(&pool, 64);
  std::vector<std::vector<int32_t>> tables(8);
  for (int round = 0; round < 20000; ++round) {
    std::vector<int32_t>& table = tables[random() % tables.size()];
    size_t before = table.size();
    int32_t count = random() % 12;
    switch (random() % 3) {
      case 0: {
        bool expected = count <= blocks.available();
        EXPECT_EQ(blocks.Take(count, table).ok(), expected);
        EXPECT_EQ(table.size(), before + (expected ? count : 0));
        break;
      }
      case 1:
        blocks.GiveBack(table, count);
        EXPECT_EQ(table.size(), std::min<size_t>(before, count));
        break;
      default:
        blocks.Trim();
    }
    std::set<int32_t> seen(blocks.free_ids().begin(), blocks.free_ids().end());
    size_t ids = blocks.free_ids().size();
    for (const auto& t : tables) {
      seen.insert(t.begin(), t.end());
      ids += t.size();
    }
    ASSERT_EQ(ids, static_cast<size_t>(pool.blocks()));
    ASSERT_EQ(seen.size(), ids);
    ASSERT_TRUE(seen.empty() || (*seen.begin() == 0 && *seen.rbegin() == pool.blocks() - 1));
    ASSERT_EQ(blocks.used(), static_cast<int32_t>(ids - blocks.free_ids().size()));
  }
}

}  // namespace
}  // namespace erato
