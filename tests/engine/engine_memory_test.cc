// Who gives way for whom when blocks are short.
#include <algorithm>

#include "core/engine/memory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"

namespace erato {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Hook = std::function<absl::Status(int32_t)>;

class AdmitBlocksTest : public ::testing::Test {
 protected:
  /// A sequence at rest with so many tokens, all cached, if it gets blocks at all.
  SequenceState& AddLine(int32_t tokens, int64_t used_step, bool cached = true) {
    auto line = std::make_shared<SequenceState>();
    line->tokens.assign(tokens, 1);
    line->used_step = used_step;
    if (cached) {
      EXPECT_TRUE(state_.blocks.Take(BlocksFor(tokens), line->blocks).ok());
      line->cached = tokens;
    }
    state_.sequences.push_back(line);
    return *line;
  }

  /// The same with a request at work on it, whose owner left Next so long ago; negative: is there.
  SequenceState& AddRequest(int32_t tokens, int64_t used_step, int64_t arrival, int away_ms,
                            bool cached = true) {
    SequenceState& line = AddLine(tokens, used_step, cached);
    auto request =
        std::make_shared<RequestState>(state_.sequences.back(), Sampler::Create({}).value());
    request->finish = FinishReason::kNone;
    request->arrival = arrival;
    request->asked = away_ms < 0;
    request->left = now_ - milliseconds(std::max(0, away_ms));
    line.cached = std::max(0, line.cached - 1);
    line.request = request.get();
    state_.requests.push_back(std::move(request));
    return line;
  }

  absl::StatusOr<bool> Admit(SequenceState& line, int64_t arrival, bool waited_for = true) {
    return AdmitBlocks(state_, line, {waited_for, arrival, 1000, now_});
  }

  Hook hook_;
  steady_clock::time_point now_ = steady_clock::now();
  EngineState state_{std::make_unique<FakePool>(&hook_), 10};
};

TEST_F(AdmitBlocksTest, FreeBlocksHurtNobody) {
  SequenceState& idle = AddLine(5 * 32, 1);
  SequenceState& line = AddRequest(4 * 32, 2, 1, -1, false);
  EXPECT_TRUE(*Admit(line, 1));
  EXPECT_EQ(line.blocks.size(), 5u);  // and the one after the prompt
  EXPECT_EQ(idle.blocks.size(), 5u);
  EXPECT_EQ(idle.cached, 5 * 32);
}

TEST_F(AdmitBlocksTest, TheBlockAfterAPromptIsAWishOnly) {
  SequenceState& line = AddRequest(10 * 32, 2, 1, -1, false);
  EXPECT_TRUE(*Admit(line, 1));
  EXPECT_EQ(line.blocks.size(), 10u);
}

TEST_F(AdmitBlocksTest, GivingWayHasAnOrder) {
  SequenceState& waiting = AddRequest(64, 9, 0, -1);  // earlier: never gives way
  SequenceState& away = AddRequest(64, 3, 1, 1000);   // nobody asks about it
  SequenceState &idle_old = AddLine(64, 1), &idle_new = AddLine(64, 2);
  SequenceState& later = AddRequest(64, 1, 9, -1);
  SequenceState& line = AddRequest(40, 9, 5, -1, false);
  auto blocks = [&] {
    std::vector<size_t> sizes;
    for (SequenceState* s : {&idle_old, &idle_new, &away, &later, &waiting})
      sizes.push_back(s->blocks.size());
    return sizes;
  };
  for (auto [tokens, left] :
       std::vector<std::pair<int, std::vector<size_t>>>{{40, {0, 2, 2, 2, 2}},
                                                        {100, {0, 0, 2, 2, 2}},
                                                        {160, {0, 0, 0, 2, 2}},
                                                        {230, {0, 0, 0, 0, 2}}}) {
    line.tokens.assign(tokens, 1);
    EXPECT_TRUE(*Admit(line, 5));
    EXPECT_EQ(blocks(), left) << tokens;
  }
  line.tokens.assign(9 * 32, 1);
  EXPECT_FALSE(*Admit(line, 5));  // waits for the earlier one
  EXPECT_EQ(waiting.cached, 63);
  EXPECT_EQ(away.cached, 0);
}

TEST_F(AdmitBlocksTest, WhoeverWaitsTakesNothing) {
  AddRequest(6 * 32, 1, 0, -1);
  SequenceState& idle = AddLine(64, 1);
  SequenceState& line = AddRequest(5 * 32, 2, 1, -1, false);
  EXPECT_FALSE(*Admit(line, 1));
  EXPECT_TRUE(line.blocks.empty());
  EXPECT_EQ(idle.blocks.size(), 2u);
}

TEST_F(AdmitBlocksTest, AnEarlierOwnerMayStepOutForAMoment) {
  for (int away_ms : {0, 4, 5, 100}) {
    state_.sequences.clear();
    state_.requests.clear();
    state_.blocks = BlockAllocator(state_.pool.get(), 10);  // all free again
    SequenceState& earlier = AddRequest(6 * 32, 1, 0, away_ms);
    SequenceState& line = AddRequest(6 * 32, 2, 1, -1, false);
    EXPECT_EQ(*Admit(line, 1), away_ms >= 5);
    EXPECT_EQ(earlier.blocks.size(), away_ms >= 5 ? 0u : 6u);
  }
}

TEST_F(AdmitBlocksTest, ALaterOneGivesWayAtOnce) {
  AddRequest(6 * 32, 1, 3, 0);
  SequenceState& line = AddRequest(6 * 32, 2, 1, -1, false);
  EXPECT_TRUE(*Admit(line, 1));
}

TEST_F(AdmitBlocksTest, NobodyWaitsForItThenOnlyTheIdleGiveWay) {
  SequenceState& idle = AddLine(4 * 32, 1);
  SequenceState& away = AddRequest(4 * 32, 1, 9, 1000);
  SequenceState& line = AddRequest(5 * 32, 2, 1, 1000, false);
  EXPECT_TRUE(*Admit(line, 1, false));
  EXPECT_EQ(idle.blocks.size(), 0u);
  line.tokens.assign(8 * 32, 1);
  EXPECT_FALSE(*Admit(line, 1, false));
  EXPECT_EQ(away.blocks.size(), 4u);
}

TEST_F(AdmitBlocksTest, WhatCanNeverFitFailsWithNumbers) {
  SequenceState& idle = AddLine(32, 1);
  SequenceState& line = AddRequest(11 * 32, 2, 1, -1, false);
  absl::Status status = Admit(line, 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(),
            "[kv cache] blocks for 352 tokens, got 10 of 10 allowed, expected 11");
  EXPECT_EQ(idle.blocks.size(), 1u);
}

}  // namespace
}  // namespace erato
