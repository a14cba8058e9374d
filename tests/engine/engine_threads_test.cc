// Many threads on one engine: correct, batched, nobody left waiting. Meant to run under a thread
// sanitizer as well.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"
#include "tests/engine/invariants.h"

namespace erato {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<int32_t> RandomText(std::mt19937& random, int most) {
  std::vector<int32_t> text(1 + random() % most);
  for (int32_t& id : text) id = random() % 97;
  return text;
}

/// Requests that any thread may cancel.
class Targets {
 public:
  void Set(size_t at, std::shared_ptr<Request> request) {
    std::lock_guard<std::mutex> lock(mutex_);
    requests_[at] = std::move(request);
  }
  std::shared_ptr<Request> Get(size_t at) {
    std::lock_guard<std::mutex> lock(mutex_);
    return requests_[at];
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Request> requests_[8];
};

/// One thread's life: answers, cancels of its own and of others, deadlines, dropped handles,
/// logits.
void Live(FakeHouse& house, Targets& targets, int self, int rounds) {
  std::mt19937 random(self);
  Engine& engine = *house.engine;
  std::shared_ptr<Sequence> line = engine.NewSequence();
  for (int round = 0; round < rounds; ++round) {
    std::vector<int32_t> text = engine.Tokens(*line);
    if (random() % 2 || text.size() > 120) text.clear();
    for (int32_t id : RandomText(random, 60)) text.push_back(id);
    RequestOptions options;
    options.max_tokens = 1 + random() % 20;
    bool brief = random() % 4 == 0;
    if (brief) options.deadline = steady_clock::now() + microseconds(random() % 3000);
    auto request = engine.Submit(line, text, options);
    ASSERT_TRUE(request.ok()) << request.status();
    targets.Set(self, *request);
    std::vector<int32_t> expected = FakeAnswer(text, options.max_tokens, 97), taken;
    size_t stop_at = random() % 3 ? 1000 : random() % 20;
    FinishReason finish = FinishReason::kNone;
    while (finish == FinishReason::kNone && taken.size() < stop_at) {
      absl::StatusOr<TokenEvent> event = engine.Next(**request);
      ASSERT_TRUE(event.ok()) << event.status();
      if (event->token) taken.push_back(*event->token);
      finish = event->finish;
      if (random() % 40 == 0) {
        if (std::shared_ptr<Request> other = targets.Get(random() % 8)) engine.Cancel(*other);
      }
    }
    ASSERT_LE(taken.size(), expected.size());
    ASSERT_THAT(taken, ElementsAreArray(expected.data(), taken.size()));
    if (finish == FinishReason::kLength) {
      ASSERT_EQ(taken.size(), expected.size());
    }
    ASSERT_TRUE(finish != FinishReason::kDeadline || brief);
    if (random() % 2) engine.Finish(**request);
    targets.Set(self, nullptr);
    if (finish == FinishReason::kNone) engine.Finish(**request);
    if (random() % 10 == 0) line = engine.NewSequence();
    if (random() % 10 == 0) {
      auto logits = engine.Logits(text, false);
      ASSERT_TRUE(logits.ok()) << logits.status();
      ASSERT_EQ(std::max_element(logits->begin(), logits->end()) - logits->begin(),
                FakeNext(text, 97));
    }
  }
}

TEST(EngineThreads, EightThreadsOfRandomWork) {
  for (int blocks : {8, 12, 1000}) {
    FakeOptions fake;
    fake.context_length = 8 * 32;  // one sequence can fill the smallest cache alone
    fake.max_logit_rows = 4;
    EngineOptions options;
    options.kv_bytes = blocks * 1000;
    options.step_tokens = 24;
    FakeHouse house(fake, options);
    std::mutex mutex;
    std::vector<std::string> wrong;
    house.backend.on_run = [&](const Step&) {
      std::lock_guard<std::mutex> lock(mutex);
      for (std::string& w : Violations(TakeSnapshot(*house.engine, fake.context_length))) {
        wrong.push_back(std::move(w));
      }
      return absl::OkStatus();
    };
    Targets targets;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { Live(house, targets, i, 60); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(wrong, IsEmpty());
    EXPECT_THAT(house.backend.violations(), IsEmpty());
    EXPECT_THAT(Violations(TakeSnapshot(*house.engine, fake.context_length)), IsEmpty());
    EXPECT_EQ(house.engine->stats().blocks_used, 0);
  }
}

TEST(EngineThreads, ThreadsShareSteps) {
  FakeHouse house;
  std::atomic<bool> open{false};
  house.backend.on_run = [&](const Step&) {
    while (!open) std::this_thread::yield();  // until all have come
    std::this_thread::sleep_for(microseconds(500));
    return absl::OkStatus();
  };
  std::vector<std::shared_ptr<Request>> requests;
  for (int i = 0; i < 8; ++i) {
    RequestOptions options;
    options.max_tokens = 50;
    requests.push_back(house.engine->Submit(house.engine->NewSequence(), {i}, options).value());
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_THAT(ReadAnswer(*house.engine, *requests[i]).tokens,
                  ElementsAreArray(FakeAnswer({i}, 50, 97)));
    });
  }
  open = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(house.backend.runs(), 8 * 50 / 2);  // alone they need 400 steps, all together 50
}

TEST(EngineThreads, ASecondCallerOfNextIsTurnedAway) {
  FakeHouse house;
  auto request = house.engine->Submit(house.engine->NewSequence(), {1}, {}).value();
  house.backend.on_run = [&](const Step&) {
    absl::Status status;
    std::thread second([&] { status = house.engine->Next(*request).status(); });
    second.join();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return absl::OkStatus();
  };
  EXPECT_TRUE(house.engine->Next(*request)->token.has_value());
}

TEST(EngineThreads, AWaitingFollowerIsCancelledAtOnce) {
  FakeHouse house;
  auto leads = house.engine->Submit(house.engine->NewSequence(), {1}, {}).value();
  std::shared_ptr<Request> follows;
  house.backend.on_run = [&](const Step&) {
    follows = house.engine->Submit(house.engine->NewSequence(), {2}, {}).value();
    std::thread canceller([&] {
      std::this_thread::sleep_for(milliseconds(20));
      house.engine->Cancel(*follows);
    });
    std::thread follower([&] {  // comes back while the step of the other still runs
      EXPECT_EQ(house.engine->Next(*follows)->finish, FinishReason::kCancelled);
    });
    follower.join();
    canceller.join();
    return absl::OkStatus();
  };
  EXPECT_EQ(house.engine->Next(*leads)->token, FakeNext(std::vector<int32_t>{1}, 97));
}

TEST(EngineThreads, LeadershipPassesOnWhenALeaderIsDone) {
  FakeHouse house;
  std::atomic<int> started{0};
  house.backend.on_run = [&](const Step&) {
    while (started < 4) std::this_thread::yield();
    return absl::OkStatus();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      RequestOptions options;
      options.max_tokens = i == 0 ? 1 : 60;  // whoever leads first may leave first
      auto request = house.engine->Submit(house.engine->NewSequence(), {i, i}, options).value();
      ++started;
      EXPECT_THAT(ReadAnswer(*house.engine, *request).tokens,
                  ElementsAreArray(FakeAnswer({i, i}, options.max_tokens, 97)));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(EngineThreads, SubmitWaitsForTheStepThatACancelledRequestIsIn) {
  FakeHouse house;
  auto line = house.engine->NewSequence();
  auto first = house.engine->Submit(line, {1, 2, 3}, {}).value();
  std::shared_ptr<Request> second;
  std::thread again;
  int runs = 0;
  house.backend.on_run = [&](const Step&) {
    if (runs++ > 0) return absl::OkStatus();
    house.engine->Cancel(*first);
    again = std::thread([&] { second = house.engine->Submit(line, {1, 2, 4}, {}).value(); });
    std::this_thread::sleep_for(milliseconds(20));
    EXPECT_EQ(second, nullptr);
    return absl::OkStatus();
  };
  EXPECT_EQ(house.engine->Next(*first)->finish, FinishReason::kCancelled);
  again.join();
  EXPECT_EQ(house.engine->Next(*second)->token, FakeNext(std::vector<int32_t>{1, 2, 4}, 97));
}

}  // namespace
}  // namespace erato
