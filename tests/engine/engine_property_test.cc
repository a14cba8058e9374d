// Random work on random engines: whatever arrives, is cancelled or runs short of blocks, every
// answer is the one that the request gets alone, and the invariants hold inside every step and
// after every call.
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/fake.h"
#include "tests/engine/invariants.h"

namespace erato {
namespace {

using ::testing::IsEmpty;

struct Line {
  std::shared_ptr<Sequence> sequence;
  std::shared_ptr<Request> request;
  std::vector<int32_t> text;      // what was submitted, and taken since
  std::vector<int32_t> expected;  // tokens to come
  size_t taken = 0;
  bool cancelled = false;
  bool start_over = false;  // the text has become too long
};

class World {
 public:
  explicit World(unsigned seed)
      : random_(seed), fake_(RandomFake()), options_(RandomOptions()), house_(fake_, options_) {
    house_.backend.on_run = [this](const Step&) {
      Check();
      if (!steps_to_cancel_ || --*steps_to_cancel_ > 0) return absl::OkStatus();
      steps_to_cancel_.reset();
      CancelOne(lines_[Pick(lines_.size())]);
      return absl::OkStatus();
    };
    lines_.resize(1 + Pick(6));
  }

  void Act() {
    Line& line = lines_[Pick(lines_.size())];
    switch (Pick(12)) {
      case 0:
        line = {};
        break;
      case 1:
        line.request.reset();
        break;
      case 2:
        CancelOne(line);
        break;
      case 3:
        if (line.request) house_.engine->Finish(*line.request);
        line.cancelled = true;
        break;
      case 4:
        steps_to_cancel_ = 1 + Pick(8);
        break;
      case 5:
        MeasureLogits();
        break;
      case 6:
      case 7:
        SubmitTo(line);
        break;
      default:
        for (int n = Pick(6); n >= 0; --n) Take(line);
    }
    Check();
  }

 private:
  int Pick(int below) { return random_() % below; }

  FakeOptions RandomFake() {
    FakeOptions fake;
    fake.context_length = 40 + Pick(260);
    fake.max_rows = 1 + Pick(64);
    fake.max_logit_rows = 1 + Pick(8);
    return fake;
  }

  EngineOptions RandomOptions() {
    EngineOptions options;
    options.step_tokens = 1 + Pick(64);
    int32_t context_blocks = BlocksFor(fake_.context_length);
    int32_t blocks = 1 + Pick(2 * context_blocks);
    options.kv_bytes = blocks * 1000 + Pick(1000);
    blocks_ = blocks;
    return options;
  }

  static int32_t BlocksFor(int64_t tokens) { return (tokens + 31) / 32; }

  void Check() {
    ASSERT_THAT(Violations(TakeSnapshot(*house_.engine, fake_.context_length)), IsEmpty());
    ASSERT_THAT(house_.backend.violations(), IsEmpty());
  }

  void CancelOne(Line& line) {
    if (line.request) house_.engine->Cancel(*line.request);
    line.cancelled = true;
  }

  std::vector<int32_t> RandomText(const Line& line) {
    std::vector<int32_t> text = line.text;
    if (line.start_over) text.clear();
    if (Pick(4) == 0) text.resize(Pick(text.size() + 1));
    if (Pick(4) == 0 && !text.empty()) text[Pick(text.size())] = Pick(97);
    for (int n = Pick(Pick(3) ? 20 : 150); n >= 0; --n) text.push_back(Pick(97));
    return text;
  }

  void SubmitTo(Line& line) {
    if (!line.sequence) line.sequence = house_.engine->NewSequence();
    std::vector<int32_t> text = RandomText(line);
    RequestOptions options;
    options.max_tokens = Pick(3) ? 1 + Pick(40) : 0;
    if (Pick(2)) options.sampler.temperature = 0.5f + Pick(3), options.sampler.seed = Pick(1000);
    if (Pick(3) == 0) options.sampler.repetition_penalty = 1.3f;
    if (Pick(2)) options.end_ids = {Pick(97), Pick(97)};
    auto request = house_.engine->Submit(line.sequence, text, options);
    if (static_cast<int32_t>(text.size()) >= fake_.context_length) {
      ASSERT_EQ(request.status().code(), absl::StatusCode::kOutOfRange);
      line.start_over = true;
      return;
    }
    if (BlocksFor(text.size()) > blocks_) {
      ASSERT_EQ(request.status().code(), absl::StatusCode::kResourceExhausted);
      line.start_over = true;
      return;
    }
    if (!request.ok()) {  // at work still
      ASSERT_EQ(request.status().code(), absl::StatusCode::kFailedPrecondition);
      ASSERT_NE(line.request, nullptr);
      return;
    }
    line.request = *std::move(request);
    line.text = text;
    line.taken = 0;
    line.cancelled = line.start_over = false;
    FakeHouse alone({97, fake_.context_length, 1000, 1});
    auto same = alone.engine->Submit(alone.engine->NewSequence(), text, options).value();
    line.expected = ReadAnswer(*alone.engine, *same).tokens;
  }

  void Take(Line& line) {
    if (!line.request) return;
    absl::StatusOr<TokenEvent> event = house_.engine->Next(*line.request);
    if (!event.ok()) {
      ASSERT_EQ(event.status().code(), absl::StatusCode::kResourceExhausted);
      ASSERT_GT(BlocksFor(line.text.size()), blocks_);
      return;
    }
    if (!event->token) {
      ASSERT_NE(event->finish, FinishReason::kNone);
      ASSERT_TRUE(line.cancelled || line.taken == line.expected.size());
      return;
    }
    ASSERT_LT(line.taken, line.expected.size());
    ASSERT_EQ(*event->token, line.expected[line.taken++]);
    line.text.push_back(*event->token);
  }

  void MeasureLogits() {
    std::vector<int32_t> text(1 + Pick(fake_.context_length));
    for (int32_t& id : text) id = Pick(97);
    bool all = Pick(2);
    auto logits = house_.engine->Logits(text, all);
    if (BlocksFor(text.size()) > blocks_) {
      ASSERT_EQ(logits.status().code(), absl::StatusCode::kResourceExhausted);
      return;
    }
    ASSERT_TRUE(logits.ok()) << logits.status();
    ASSERT_EQ(logits->size(), (all ? text.size() : 1) * 97);
    auto last = logits->end() - 97;
    ASSERT_EQ(std::max_element(last, logits->end()) - last, FakeNext(text, 97));
  }

  std::mt19937 random_;
  FakeOptions fake_;
  int32_t blocks_ = 0;
  EngineOptions options_;
  FakeHouse house_;
  std::vector<Line> lines_;
  std::optional<int> steps_to_cancel_;
};

TEST(EngineProperties, RandomWorkOnRandomEngines) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    World world(seed);
    for (int i = 0; i < 300 && !::testing::Test::HasFatalFailure(); ++i) world.Act();
    if (::testing::Test::HasFatalFailure()) return;
  }
}

// The validators themselves: each sees what it is there for.
EngineSnapshot Good() {
  EngineSnapshot s;
  s.pool_blocks = s.total = 4, s.limit = 8, s.context_length = 100;
  s.free_ids = {2};
  s.sequences = {{40, 39, {0, 1}, true, false, false}, {10, 10, {3}, false, false, false}};
  s.requests = {{0, true, false, false, 3, 5}};
  return s;
}

TEST(Invariants, SeeWhatIsWrong) {
  EXPECT_THAT(Violations(Good()), IsEmpty());
  auto expect = [](auto spoil) {
    EngineSnapshot s = Good();
    spoil(s);
    EXPECT_EQ(Violations(s).size(), 1u);
  };
  expect([](EngineSnapshot& s) { s.pool_blocks = 5; });
  expect([](EngineSnapshot& s) { s.limit = 3; });
  expect([](EngineSnapshot& s) { s.free_ids = {}; });
  expect([](EngineSnapshot& s) { s.free_ids = {2, 3}; });
  expect([](EngineSnapshot& s) { s.free_ids = {2, 4}; });
  expect([](EngineSnapshot& s) { s.sequences[1].cached = 11; });
  expect([](EngineSnapshot& s) { s.sequences[0].tokens = 101; });
  expect([](EngineSnapshot& s) { s.sequences[1].cached = 0; });
  expect([](EngineSnapshot& s) { s.sequences[0].cached = 40; });
  expect([](EngineSnapshot& s) { s.sequences[1].has_request = true; });
  expect([](EngineSnapshot& s) { s.requests[0].generated = 5; });
  expect([](EngineSnapshot& s) { s.requests[0].ended = true; });
  expect([](EngineSnapshot& s) { s.requests[0].is_its_request = false; });
  expect([](EngineSnapshot& s) { s.requests[0].sequence = -1; });
  expect([](EngineSnapshot& s) { s.sequences[1].dropped = true; });
  expect([](EngineSnapshot& s) { s.sequences[0].in_step = true; });
  expect([](EngineSnapshot& s) { s.running = true; });
}

}  // namespace
}  // namespace erato
