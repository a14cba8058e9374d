// The engine's promises one by one, on the fake model.
#include "core/engine/engine.h"

#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"
#include "tests/engine/invariants.h"

namespace erato {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<int32_t> Text(int length, int seed = 0) {
  std::vector<int32_t> text(length);
  for (int i = 0; i < length; ++i) text[i] = (i * 13 + seed * 29 + 5) % 97;
  return text;
}

RequestOptions Limit(int32_t max_tokens) {
  RequestOptions options;
  options.max_tokens = max_tokens;
  return options;
}

class EngineTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (house_ == nullptr) return;
    EXPECT_THAT(house_->backend.violations(), IsEmpty());
    if (house_->engine) {
      EXPECT_THAT(Violations(TakeSnapshot(*house_->engine, house_->model.context_length())),
                  IsEmpty());
    }
  }
  Engine& Make(const FakeOptions& fake = {}, const EngineOptions& options = {}) {
    house_ = std::make_unique<FakeHouse>(fake, options);
    return *house_->engine;
  }
  std::unique_ptr<FakeHouse> house_;
};

TEST_F(EngineTest, AnswersWhateverTheChunks) {
  for (int32_t rows : {1, 7, 64}) {
    EngineOptions options;
    options.step_tokens = rows;
    Engine& engine = Make({}, options);
    for (int length : {1, 2, 31, 32, 33, 64, 65, 200}) {
      auto sequence = engine.NewSequence();
      auto request = engine.Submit(sequence, Text(length), Limit(70)).value();
      Answer answer = ReadAnswer(engine, *request);
      EXPECT_THAT(answer.tokens, ElementsAreArray(FakeAnswer(Text(length), 70, 97))) << length;
      EXPECT_EQ(answer.finish, FinishReason::kLength);
    }
  }
}

TEST_F(EngineTest, TokensOfASequenceArePromptAndAnswer) {
  Engine& engine = Make();
  auto sequence = engine.NewSequence();
  EXPECT_THAT(engine.Tokens(*sequence), IsEmpty());
  auto request = engine.Submit(sequence, Text(5), Limit(3)).value();
  ReadAnswer(engine, *request);
  std::vector<int32_t> all = Text(5);
  for (int32_t id : FakeAnswer(Text(5), 3, 97)) all.push_back(id);
  EXPECT_THAT(engine.Tokens(*sequence), ElementsAreArray(all));
}

TEST_F(EngineTest, EndIdsEndTheAnswerAndAreNotGivenOut) {
  Engine& engine = Make();
  std::vector<int32_t> expected = FakeAnswer(Text(10), 20, 97);
  RequestOptions options;
  options.end_ids = {expected[6], 96};
  size_t end = std::find_first_of(expected.begin(), expected.end(), options.end_ids.begin(),
                                  options.end_ids.end()) -
               expected.begin();
  auto request = engine.Submit(engine.NewSequence(), Text(10), options).value();
  Answer answer = ReadAnswer(engine, *request);
  EXPECT_THAT(answer.tokens, ElementsAreArray(expected.data(), end));
  EXPECT_EQ(answer.finish, FinishReason::kEndOfText);
  for (int i = 0; i < 3; ++i) {
    TokenEvent again = engine.Next(*request).value();
    EXPECT_FALSE(again.token.has_value());
    EXPECT_EQ(again.finish, FinishReason::kEndOfText);
  }
}

TEST_F(EngineTest, AFullContextEndsWithLength) {
  FakeOptions fake;
  fake.context_length = 50;
  Engine& engine = Make(fake);
  for (int length : {1, 48, 49}) {
    auto request = engine.Submit(engine.NewSequence(), Text(length), {}).value();
    Answer answer = ReadAnswer(engine, *request);
    EXPECT_THAT(answer.tokens, ElementsAreArray(FakeAnswer(Text(length), 50 - length, 97)));
    EXPECT_EQ(answer.finish, FinishReason::kLength);
  }
}

TEST_F(EngineTest, OverflowIsAnErrorWithCountsBeforeAnyWork) {
  FakeOptions fake;
  fake.context_length = 50;
  Engine& engine = Make(fake);
  for (int length : {50, 51, 5000}) {
    absl::Status status = engine.Submit(engine.NewSequence(), Text(length), {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
    EXPECT_THAT(std::string(status.message()), HasSubstr("got " + std::to_string(length)));
    EXPECT_THAT(std::string(status.message()), HasSubstr("at most 49 of a context of 50"));
  }
  EXPECT_EQ(house_->backend.runs(), 0);
  EXPECT_TRUE(engine.Logits(Text(50), false).ok());
  EXPECT_EQ(engine.Logits(Text(51), false).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(EngineTest, BadInputIsNamed) {
  Engine& engine = Make();
  auto sequence = engine.NewSequence();
  auto message = [&](std::vector<int32_t> tokens, RequestOptions options) {
    absl::Status status = engine.Submit(sequence, tokens, options).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  EXPECT_THAT(message({}, {}), HasSubstr("got none"));
  EXPECT_THAT(message({1, 97}, {}), HasSubstr("token 1, got id 97, expected 0 to 96"));
  EXPECT_THAT(message({-1}, {}), HasSubstr("token 0, got id -1"));
  EXPECT_THAT(message({1}, Limit(-1)), HasSubstr("max_tokens, got -1"));
  RequestOptions hot;
  hot.sampler.temperature = -1;
  EXPECT_THAT(message({1}, hot), HasSubstr("temperature, got -1"));
  EXPECT_EQ(engine.Submit(nullptr, Text(1), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  FakeHouse other;
  EXPECT_EQ(engine.Submit(other.engine->NewSequence(), Text(1), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(engine.Submit(sequence, Text(1), {}).ok());
}

TEST_F(EngineTest, EngineOptionsHaveBounds) {
  FakeHouse house;
  for (EngineOptions bad :
       {EngineOptions{999, 1, 1}, EngineOptions{1000, 0, 1}, EngineOptions{1000, 1, 0}}) {
    EXPECT_EQ(Engine::Create(&house.model, &house.backend, bad).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(Engine::Create(&house.model, &house.backend, EngineOptions{1000, 1, 1}).ok());
}

TEST_F(EngineTest, OneRequestASequenceAndSoManyInAll) {
  EngineOptions options;
  options.max_requests = 2;
  Engine& engine = Make({}, options);
  auto a = engine.NewSequence(), b = engine.NewSequence(), c = engine.NewSequence();
  auto first = engine.Submit(a, Text(3), {}).value();
  EXPECT_EQ(engine.Submit(a, Text(3), {}).status().code(), absl::StatusCode::kFailedPrecondition);
  auto second = engine.Submit(b, Text(3), {}).value();
  EXPECT_EQ(engine.Submit(c, Text(3), {}).status().code(), absl::StatusCode::kResourceExhausted);
  engine.Finish(*first);
  EXPECT_TRUE(engine.Submit(c, Text(3), {}).ok());
  EXPECT_TRUE(engine.Submit(a, Text(3), {}).ok());  // the one on c ended with its handle
}

TEST_F(EngineTest, WhatTheCacheHoldsIsReused) {
  Engine& engine = Make();
  auto sequence = engine.NewSequence();
  auto ask = [&](const std::vector<int32_t>& text) {
    int64_t before = engine.stats().prompt_tokens;
    auto request = engine.Submit(sequence, text, Limit(4)).value();
    EXPECT_THAT(ReadAnswer(engine, *request).tokens, ElementsAreArray(FakeAnswer(text, 4, 97)));
    return engine.stats().prompt_tokens - before;
  };
  EXPECT_EQ(ask(Text(100)), 100);
  std::vector<int32_t> more = engine.Tokens(*sequence);  // 104, the last of which was never run
  for (int32_t id : Text(20, 3)) more.push_back(id);
  EXPECT_EQ(ask(more), 21);
  EXPECT_EQ(ask(more), 1);  // the last token again, for its logits
  std::vector<int32_t> changed = Text(100);
  changed[40] = (changed[40] + 1) % 97;
  EXPECT_EQ(ask(changed), 60);
  EXPECT_EQ(ask(Text(30)), 1);
  EXPECT_EQ(engine.stats().reused_tokens, 103 + 123 + 40 + 29);
}

TEST_F(EngineTest, NobodyIsSteppedFurtherAheadThanOneToken) {
  Engine& engine = Make();
  auto idle = engine.Submit(engine.NewSequence(), Text(10), {}).value();
  auto busy = engine.Submit(engine.NewSequence(), Text(20), Limit(40)).value();
  EXPECT_EQ(ReadAnswer(engine, *busy).tokens.size(), 40u);
  EXPECT_EQ(engine.stats().generated_tokens, 41);
  int64_t runs = house_->backend.runs();
  EXPECT_EQ(engine.Next(*idle)->token, FakeAnswer(Text(10), 1, 97)[0]);
  EXPECT_EQ(house_->backend.runs(), runs);  // it was there already
}

TEST_F(EngineTest, OneThreadWithManyRequestsRunsThemAsOneBatch) {
  Engine& engine = Make();
  std::vector<std::shared_ptr<Request>> requests;
  for (int i = 0; i < 8; ++i) {
    requests.push_back(engine.Submit(engine.NewSequence(), Text(1, i), Limit(10)).value());
  }
  for (int i = 0; i < 10; ++i) {
    for (auto& request : requests) EXPECT_TRUE(engine.Next(*request)->token.has_value());
  }
  EXPECT_EQ(house_->backend.runs(), 10);
}

TEST_F(EngineTest, NonFiniteLogitsEndThatRequestAlone) {
  FakeOptions fake;
  fake.poison_id = 50;
  Engine& engine = Make(fake);
  std::vector<int32_t> poisoned = Text(9);
  poisoned.back() = 50;
  auto line = engine.NewSequence();
  auto bad = engine.Submit(line, poisoned, {}).value();
  auto good = engine.Submit(engine.NewSequence(), {1, 2, 3}, Limit(1)).value();
  for (int i = 0; i < 2; ++i) {
    absl::Status status = engine.Next(*bad).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("value 3, got nan"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("position 8"));
  }
  EXPECT_THAT(ReadAnswer(engine, *good).tokens, ElementsAreArray(FakeAnswer({1, 2, 3}, 1, 97)));
  auto again = engine.Submit(line, {1, 2, 3}, Limit(1)).value();
  EXPECT_THAT(ReadAnswer(engine, *again).tokens, ElementsAreArray(FakeAnswer({1, 2, 3}, 1, 97)));
  EXPECT_EQ(engine.Logits(poisoned, false).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(EngineTest, CancelAtEveryPoint) {
  EngineOptions options;
  options.step_tokens = 8;
  for (int at = 0; at < 40; ++at) {
    Engine& engine = Make({}, options);
    auto line = engine.NewSequence();
    auto request = engine.Submit(line, Text(60), Limit(30)).value();
    auto other = engine.Submit(engine.NewSequence(), Text(5), Limit(20)).value();
    int run = 0;
    house_->backend.on_run = [&](const Step&) {
      if (run++ == at) engine.Cancel(*request);
      return absl::OkStatus();
    };
    Answer answer = ReadAnswer(engine, *request);
    std::vector<int32_t> all = FakeAnswer(Text(60), 30, 97);
    ASSERT_LE(answer.tokens.size(), all.size());
    EXPECT_THAT(answer.tokens, ElementsAreArray(all.data(), answer.tokens.size()));
    EXPECT_EQ(answer.finish, run > at ? FinishReason::kCancelled : FinishReason::kLength);
    EXPECT_EQ(engine.Next(*request)->finish, answer.finish);
    EXPECT_THAT(ReadAnswer(engine, *other).tokens, ElementsAreArray(FakeAnswer(Text(5), 20, 97)));
    auto again = engine.Submit(line, Text(70), Limit(5)).value();
    EXPECT_THAT(ReadAnswer(engine, *again).tokens, ElementsAreArray(FakeAnswer(Text(70), 5, 97)));
    TearDown();
  }
  house_ = nullptr;
}

TEST_F(EngineTest, CancelForgetsATokenNobodyTook) {
  Engine& engine = Make();
  auto line = engine.NewSequence();
  auto idle = engine.Submit(line, Text(10), {}).value();
  auto busy = engine.Submit(engine.NewSequence(), Text(2), Limit(1)).value();
  ReadAnswer(engine, *busy);
  EXPECT_EQ(engine.Tokens(*line).size(), 11u);
  engine.Cancel(*idle);
  EXPECT_EQ(engine.Tokens(*line).size(), 10u);
  EXPECT_EQ(engine.Next(*idle)->finish, FinishReason::kCancelled);
  engine.Cancel(*idle);
  engine.Finish(*idle);
}

TEST_F(EngineTest, ADeadlineThatPassedEndsBeforeAnyWork) {
  Engine& engine = Make();
  RequestOptions options;
  options.deadline = steady_clock::now() - milliseconds(1);
  auto request = engine.Submit(engine.NewSequence(), Text(10), options).value();
  EXPECT_EQ(engine.Next(*request)->finish, FinishReason::kDeadline);
  EXPECT_EQ(house_->backend.runs(), 0);
}

TEST_F(EngineTest, ALeadersDeadlineIsSeenBetweenSteps) {
  Engine& engine = Make();
  RequestOptions options;
  options.deadline = steady_clock::now() + milliseconds(30);
  auto request = engine.Submit(engine.NewSequence(), Text(10), options).value();
  house_->backend.on_run = [](const Step&) {
    std::this_thread::sleep_for(milliseconds(2));
    return absl::OkStatus();
  };
  Answer answer = ReadAnswer(engine, *request);
  EXPECT_EQ(answer.finish, FinishReason::kDeadline);
  EXPECT_THAT(answer.tokens, ElementsAreArray(FakeAnswer(Text(10), answer.tokens.size(), 97)));
}

TEST_F(EngineTest, AFollowersDeadlineStopsTheRunningStep) {
  Engine& engine = Make();
  RequestOptions brief;
  brief.deadline = steady_clock::now() + milliseconds(50);
  auto follower = engine.Submit(engine.NewSequence(), Text(10), brief).value();
  auto leader = engine.Submit(engine.NewSequence(), Text(10, 1), Limit(3)).value();
  std::atomic<int> runs{0};
  house_->backend.on_run = [&](const Step& step) {
    if (runs++ == 0) {
      while (!step.stop->load()) std::this_thread::yield();  // a step without an end of its own
    }
    return absl::OkStatus();
  };
  std::thread leads([&] {
    EXPECT_THAT(ReadAnswer(engine, *leader).tokens,
                ElementsAreArray(FakeAnswer(Text(10, 1), 3, 97)));
  });
  while (runs == 0) std::this_thread::yield();
  EXPECT_EQ(ReadAnswer(engine, *follower).finish, FinishReason::kDeadline);
  leads.join();
}

TEST_F(EngineTest, LogitsOfAllRowsEqualThoseOfEachPrefix) {
  for (int32_t rows : {1, 5, 64}) {
    EngineOptions options;
    options.step_tokens = rows;
    Engine& engine = Make({}, options);
    std::vector<int32_t> text = Text(75);
    std::vector<float> all = engine.Logits(text, true).value();
    ASSERT_EQ(all.size(), 75u * 97);
    for (int n : {1, 16, 17, 75}) {
      std::vector<float> last = engine.Logits(absl::MakeSpan(text).first(n), false).value();
      EXPECT_THAT(last, ElementsAreArray(all.data() + (n - 1) * 97, 97));
      int32_t best = std::max_element(last.begin(), last.end()) - last.begin();
      EXPECT_EQ(best, FakeNext(absl::MakeSpan(text).first(n), 97));
    }
    EXPECT_EQ(engine.stats().blocks_used, 0);
  }
}

TEST_F(EngineTest, HandlesMayOutliveTheEngine) {
  auto house = std::make_unique<FakeHouse>();
  auto line = house->engine->NewSequence();
  auto request = house->engine->Submit(line, Text(40), {}).value();
  house->engine->Next(*request).value();
  house.reset();
  line.reset();
  request.reset();
}

TEST_F(EngineTest, DroppedHandlesGiveTheirBlocksBack) {
  Engine& engine = Make();
  auto line = engine.NewSequence();
  auto request = engine.Submit(line, Text(100), {}).value();
  engine.Next(*request).value();
  EXPECT_EQ(engine.stats().blocks_used, 4);
  line.reset();
  EXPECT_EQ(engine.stats().blocks_used, 4);
  request.reset();
  EXPECT_EQ(engine.stats().blocks_used, 0);
  EXPECT_EQ(engine.stats().blocks_total, 0);
}

}  // namespace
}  // namespace erato
