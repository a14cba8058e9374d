// What goes wrong at the n-th time, for every n: runs, growth of the cache, allocations. Each time
// every request is as it was or marked failed, the engine goes on, and no answer is wrong.
#include <new>

#include "core/engine/blocks.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"
#include "tests/engine/invariants.h"
#include "tests/support/allocations.h"

namespace erato {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<int32_t> Text(int length, int seed) {
  std::vector<int32_t> text(length);
  for (int i = 0; i < length; ++i) text[i] = (i * 13 + seed * 29 + 5) % 97;
  return text;
}

RequestOptions Warm(int seed) {
  RequestOptions options;
  options.max_tokens = 12;
  options.sampler.temperature = 2;
  options.sampler.top_p = 0.9f;
  options.sampler.seed = seed;
  return options;
}

struct Work {
  std::shared_ptr<Sequence> line;
  std::shared_ptr<Request> request;
  std::vector<int32_t> text, taken;
  bool done = false;
  absl::Status error;
};

constexpr int kRequests = 3;

std::vector<int32_t> Expected(int i) {
  FakeHouse alone;
  auto request =
      alone.engine->Submit(alone.engine->NewSequence(), Text(40 + 9 * i, i), Warm(i)).value();
  return ReadAnswer(*alone.engine, *request).tokens;
}

/// One call for one request; a thrown bad_alloc leaves the work to be called again.
void Advance(Engine& engine, Work& work, int i) {
  if (!work.line) work.line = engine.NewSequence();
  if (!work.request) {
    absl::StatusOr<std::shared_ptr<Request>> request =
        engine.Submit(work.line, Text(40 + 9 * i, i), Warm(i));
    if (!request.ok()) {
      work.error = request.status();
      work.done = true;
      return;
    }
    work.request = *request;
  }
  absl::StatusOr<TokenEvent> event = engine.Next(*work.request);
  if (!event.ok()) {
    work.error = event.status();
    work.done = true;
  } else if (event->token) {
    work.taken.push_back(*event->token);
  } else {
    EXPECT_EQ(event->finish, FinishReason::kLength);
    work.done = true;
  }
}

struct Outcome {
  std::vector<Work> works = std::vector<Work>(kRequests);
  int calls = 0;
  bool failed = false;  // the allocation that was to fail was reached
};

/// Runs all requests by turns to their ends. In call `fail_call`, if not negative, allocation
/// `fail_at` fails.
Outcome RunAll(FakeHouse& house, int fail_call = -1, int64_t fail_at = 0) {
  Outcome outcome;
  for (Work& work : outcome.works) work.taken.reserve(64);
  for (bool open = true; open;) {
    open = false;
    for (int i = 0; i < kRequests; ++i) {
      Work& work = outcome.works[i];
      if (work.done) continue;
      open = true;
      if (outcome.calls++ == fail_call) {
        test::FailAllocation fail(fail_at);
        try {
          Advance(*house.engine, work, i);
        } catch (const std::bad_alloc&) {
        }
        outcome.failed = fail.failed();
      } else {
        Advance(*house.engine, work, i);
      }
      EXPECT_THAT(Violations(TakeSnapshot(*house.engine, house.model.context_length())), IsEmpty());
    }
  }
  EXPECT_THAT(house.backend.violations(), IsEmpty());
  return outcome;
}

/// After trouble: the sequences work again, with the right answers.
void ExpectUsable(FakeHouse& house, Outcome& outcome) {
  house.backend.on_run = nullptr;
  house.backend.on_grow = nullptr;
  for (int i = 0; i < kRequests; ++i) {
    Work& work = outcome.works[i];
    if (work.error.ok()) continue;
    auto request = house.engine->Submit(work.line, Text(40 + 9 * i, i), Warm(i)).value();
    EXPECT_THAT(ReadAnswer(*house.engine, *request).tokens, ElementsAreArray(Expected(i)));
  }
}

EngineOptions SmallSteps() {
  EngineOptions options;
  options.step_tokens = 16;
  return options;
}

TEST(EngineFaults, EveryRunThatFails) {
  for (int at = 0;; ++at) {
    FakeHouse house({}, SmallSteps());
    int run = 0;
    house.backend.on_run = [&](const Step&) {
      return run++ == at ? absl::InternalError("device lost") : absl::OkStatus();
    };
    Outcome outcome = RunAll(house);
    if (run <= at) {
      EXPECT_GT(at, 12);
      return;
    }
    int failed = 0;
    for (int i = 0; i < kRequests; ++i) {
      Work& work = outcome.works[i];
      std::vector<int32_t> expected = Expected(i);
      EXPECT_THAT(work.taken, ElementsAreArray(expected.data(), work.taken.size()));
      EXPECT_EQ(work.error.ok(), work.taken.size() == 12);
      if (!work.error.ok()) {
        EXPECT_THAT(std::string(work.error.message()), HasSubstr("device lost"));
      }
      failed += !work.error.ok();
    }
    EXPECT_GE(failed, 1);
    ExpectUsable(house, outcome);
  }
}

TEST(EngineFaults, ACancelledRunThatNobodyAskedForIsAnError) {
  FakeHouse house;
  house.backend.on_run = [&](const Step&) { return absl::CancelledError("why"); };
  auto request = house.engine->Submit(house.engine->NewSequence(), {1}, {}).value();
  EXPECT_EQ(house.engine->Next(*request).status().code(), absl::StatusCode::kCancelled);
}

TEST(EngineFaults, EveryGrowthThatFailsForOnce) {
  for (int at = 0;; ++at) {
    FakeHouse house({}, SmallSteps());
    int grown = 0;
    house.backend.on_grow = [&](int32_t) {
      return grown++ == at ? absl::ResourceExhaustedError("no memory") : absl::OkStatus();
    };
    Outcome outcome = RunAll(house);
    if (grown <= at) {
      EXPECT_GT(at, 3);
      return;
    }
    for (int i = 0; i < kRequests; ++i) {
      Work& work = outcome.works[i];
      if (work.error.ok()) {
        EXPECT_THAT(work.taken, ElementsAreArray(Expected(i)));
      } else {
        EXPECT_EQ(work.error.code(), absl::StatusCode::kResourceExhausted);
      }
    }
    ExpectUsable(house, outcome);
  }
}

TEST(EngineFaults, AMachineOfSoManyBlocks) {
  for (int32_t most = 0; most < 12; ++most) {
    FakeHouse house({}, SmallSteps());
    house.backend.on_grow = [&](int32_t blocks) {
      return blocks > most ? absl::ResourceExhaustedError("no memory") : absl::OkStatus();
    };
    Outcome outcome = RunAll(house);
    for (int i = 0; i < kRequests; ++i) {
      Work& work = outcome.works[i];
      // The request alone: the last token is never run, so it needs no place.
      bool fits = BlocksFor(40 + 9 * i + 12 - 1) <= most;
      EXPECT_EQ(work.error.ok(), fits) << work.error;
      if (fits) {
        EXPECT_THAT(work.taken, ElementsAreArray(Expected(i)));
      } else {
        EXPECT_EQ(work.error.code(), absl::StatusCode::kResourceExhausted);
        EXPECT_THAT(std::string(work.error.message()), HasSubstr("[kv cache] blocks for"));
      }
    }
    ExpectUsable(house, outcome);
  }
}

TEST(EngineFaults, EveryAllocationThatFails) {
  std::vector<std::vector<int32_t>> expected;
  for (int i = 0; i < kRequests; ++i) expected.push_back(Expected(i));
  int failures = 0;
  for (int call = 0, calls = 1; call < calls; ++call) {
    for (int64_t at = 0, failed = true; failed; ++at) {
      FakeHouse house({}, SmallSteps());
      Outcome outcome = RunAll(house, call, at);
      for (int i = 0; i < kRequests; ++i) {
        EXPECT_TRUE(outcome.works[i].error.ok()) << outcome.works[i].error;
        EXPECT_THAT(outcome.works[i].taken, ElementsAreArray(expected[i])) << call << " " << at;
      }
      failed = outcome.failed;
      failures += failed;
      calls = outcome.calls;
    }
  }
  EXPECT_GT(failures, 40);
}

TEST(EngineFaults, EveryAllocationOfLogitsThatFails) {
  FakeHouse house({}, SmallSteps());
  std::vector<int32_t> text = Text(70, 1);
  for (int64_t at = 0, failed = true; failed; ++at) {
    {
      test::FailAllocation fail(at);
      try {
        EXPECT_TRUE(house.engine->Logits(text, true).ok());
      } catch (const std::bad_alloc&) {
      }
      failed = fail.failed();
    }
    EXPECT_THAT(Violations(TakeSnapshot(*house.engine, house.model.context_length())), IsEmpty());
    EXPECT_EQ(house.engine->stats().blocks_used, 0);
    EXPECT_TRUE(failed || at > 5);
  }
}

}  // namespace
}  // namespace erato
