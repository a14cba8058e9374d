// Properties of the plan: budgets hold, someone always runs, decoding goes first, nobody starves,
// prompts share fairly.
#include <random>

#include "core/engine/scheduler.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace erato {
namespace {

using ::testing::ElementsAre;

std::vector<int32_t> Rows(const std::vector<Candidate>& candidates) {
  std::vector<int32_t> rows;
  for (const Candidate& c : candidates) rows.push_back(c.rows);
  return rows;
}

std::vector<int32_t> Plan(std::vector<Candidate> candidates, StepBudget budget, int64_t step = 0) {
  PlanRows(step, candidates, budget);
  return Rows(candidates);
}

TEST(PlanRows, DecodesFirstThenPromptsInEqualParts) {
  EXPECT_THAT(Plan({{1}, {500}, {1}, {500}}, {64, 16}), ElementsAre(1, 31, 1, 31));
}

TEST(PlanRows, AShortPromptIsDoneAtOnceAndPassesOnItsRest) {
  EXPECT_THAT(Plan({{500}, {10}, {500}}, {64, 16}), ElementsAre(27, 10, 27));
}

TEST(PlanRows, ManyDecodesLeaveAnEighthToPrompts) {
  std::vector<Candidate> candidates(100, Candidate{1});
  candidates.push_back({500});
  std::vector<int32_t> rows = Plan(candidates, {64, 64});
  EXPECT_EQ(rows.back(), 8);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), 1), 56);
}

TEST(PlanRows, TheLastRowOfAPromptWaitsForALogitRow) {
  EXPECT_THAT(Plan({{10}, {12}, {11}}, {64, 2}), ElementsAre(10, 11, 11));
}

TEST(PlanRows, WhoWasServedLongestAgoIsServedFirst) {
  EXPECT_THAT(Plan({{1, 5}, {1, 3}, {1, 4}}, {2, 16}), ElementsAre(0, 1, 1));
  EXPECT_THAT(Plan({{9, 5}, {9, 3}, {9, 4}}, {2, 16}), ElementsAre(0, 1, 1));
}

TEST(PlanRows, ARowForBothSidesByTurns) {
  EXPECT_THAT(Plan({{1}, {9}}, {1, 1}, 0), ElementsAre(1, 0));
  EXPECT_THAT(Plan({{1}, {9}}, {1, 1}, 1), ElementsAre(0, 1));
}

TEST(PlanRows, KeepsItsPromisesOnRandomInput) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::vector<Candidate> candidates(random() % 20);
    for (Candidate& c : candidates) {
      c.need = random() % 2 ? 1 : 1 + random() % 60;
      c.served_step = random() % 10;
    }
    StepBudget budget{1 + static_cast<int32_t>(random() % 40),
                      1 + static_cast<int32_t>(random() % 8)};
    StepBudget left = budget;
    PlanRows(random() % 4, candidates, left);
    int32_t rows = 0, logit_rows = 0;
    for (const Candidate& c : candidates) {
      ASSERT_GE(c.rows, 0);
      ASSERT_LE(c.rows, c.need);
      rows += c.rows;
      logit_rows += c.rows == c.need;
    }
    ASSERT_EQ(rows, budget.rows - left.rows);
    ASSERT_EQ(logit_rows, budget.logit_rows - left.logit_rows);
    ASSERT_GE(left.rows, 0);
    ASSERT_GE(left.logit_rows, 0);
    if (!candidates.empty()) {
      ASSERT_GE(rows, 1);
    }
  }
}

TEST(PlanRows, NobodyStarves) {
  for (StepBudget budget : {StepBudget{1, 1}, {2, 1}, {3, 3}, {8, 2}, {64, 4}}) {
    // Decoders without an end, and prompts that come back as soon as they are through.
    std::vector<Candidate> candidates(24, Candidate{1});
    for (int i = 0; i < 12; ++i) candidates.push_back({20 + i});
    std::vector<int> finished(candidates.size());
    for (int64_t step = 1; step <= 20000; ++step) {
      StepBudget left = budget;
      PlanRows(step, candidates, left);
      for (size_t i = 0; i < candidates.size(); ++i) {
        Candidate& c = candidates[i];
        if (c.rows == 0) continue;
        c.served_step = step;
        c.need -= c.rows;
        if (c.need > 0) continue;
        ++finished[i];
        c.need = i < 24 ? 1 : 20 + i;
      }
    }
    for (size_t i = 0; i < candidates.size(); ++i) {
      EXPECT_GE(finished[i], 5) << "candidate " << i << " of budget " << budget.rows;
    }
  }
}

}  // namespace
}  // namespace erato
