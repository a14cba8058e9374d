// One model, many threads: sessions of their own give exact answers, a session that is shared gives
// BUSY and nothing worse, cancels come from elsewhere. Meant to be run under ThreadSanitizer too.
#include <erato/erato.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace erato::test {
namespace {

const char* tiny_path;
constexpr char kAnswer[] = "Hello world \xF0\x9F\x98\x80!";
constexpr int kThreads = 4, kRounds = 12;

erato_model* Load(const char* device) {
  erato_options* options = nullptr;
  erato_model* model = nullptr;
  EXPECT_EQ(erato_options_create(ERATO_OPTIONS_LOAD, &options, nullptr), ERATO_OK);
  EXPECT_EQ(erato_options_set_text(options, ERATO_LOAD_DEVICE, device, 3, nullptr), ERATO_OK);
  EXPECT_EQ(erato_model_load(tiny_path, options, &model, nullptr), ERATO_OK);
  erato_options_free(options);
  return model;
}

erato_options* Greedy() {
  erato_options* options = nullptr;
  EXPECT_EQ(erato_options_create(ERATO_OPTIONS_GENERATE, &options, nullptr), ERATO_OK);
  EXPECT_EQ(erato_options_set_float(options, ERATO_GENERATE_TEMPERATURE, 0, nullptr), ERATO_OK);
  return options;
}

std::string Drain(erato_stream* stream, erato_status& status) {
  std::string text;
  while ((status = erato_stream_advance(stream, nullptr)) == ERATO_OK) {
    size_t bytes = 0;
    const char* piece = erato_stream_piece(stream, &bytes);
    text.append(piece, bytes);
  }
  return text;
}

template <typename F>
void InThreads(F f) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(f, i);
  for (std::thread& thread : threads) thread.join();
}

void ChatTwice(const erato_model* model, const erato_options* options) {
  erato_session* session = nullptr;
  ASSERT_EQ(erato_session_create(model, nullptr, &session, nullptr), ERATO_OK);
  for (int turn = 0; turn < 2; ++turn) {
    erato_stream* stream = nullptr;
    ASSERT_EQ(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, nullptr), ERATO_OK);
    ASSERT_EQ(erato_session_answer(session, options, &stream, nullptr), ERATO_OK);
    erato_status status = ERATO_OK;
    EXPECT_EQ(Drain(stream, status), kAnswer);
    EXPECT_EQ(status, ERATO_END);
    erato_stream_free(stream);
  }
  erato_session_free(session);
}

void CancelFromElsewhere(const erato_model* model) {
  erato_options* options = Greedy();
  erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 1, nullptr);
  erato_stream* stream = nullptr;
  ASSERT_EQ(erato_model_generate(model, "\n", 1, 0, options, &stream, nullptr), ERATO_OK);
  std::thread canceller([stream] { erato_stream_cancel(stream); });
  erato_status status = ERATO_OK;
  Drain(stream, status);
  EXPECT_TRUE(status == ERATO_CANCELLED || status == ERATO_END) << erato_status_name(status);
  canceller.join();
  erato_stream_free(stream);
  erato_options_free(options);
}

void UseText(const erato_model* model) {
  erato_ids* ids = nullptr;
  ASSERT_EQ(erato_model_tokenize(model, "he said", 7, 0, &ids, nullptr), ERATO_OK);
  erato_ids_free(ids);
  const int32_t prompt[] = {100, 101};
  erato_floats* logits = nullptr;
  ASSERT_EQ(erato_model_logits(model, prompt, 2, 0, &logits, nullptr), ERATO_OK);
  erato_floats_free(logits);
}

class Threads : public testing::TestWithParam<const char*> {};

TEST_P(Threads, RandomUseOfOneModel) {
  erato_model* model = Load(GetParam());
  InThreads([model](int thread) {
    std::mt19937 random(static_cast<unsigned>(thread));
    erato_options* options = Greedy();
    for (int i = 0; i < kRounds; ++i) {
      switch (random() % 3) {
        case 0:
          ChatTwice(model, options);
          break;
        case 1:
          CancelFromElsewhere(model);
          break;
        default:
          UseText(model);
          break;
      }
    }
    erato_options_free(options);
  });
  erato_model_free(model);
}

TEST_P(Threads, SharedSessionIsBusyAndNothingWorse) {
  erato_model* model = Load(GetParam());
  erato_session* session = nullptr;
  ASSERT_EQ(erato_session_create(model, nullptr, &session, nullptr), ERATO_OK);
  ASSERT_EQ(erato_session_add_text(session, ERATO_ROLE_USER, "hi", 2, nullptr), ERATO_OK);
  std::atomic<int> answers{0};
  InThreads([&](int) {
    erato_options* options = Greedy();
    for (int i = 0; i < kRounds; ++i) {
      erato_stream* stream = nullptr;
      const erato_status asked = erato_session_answer(session, options, &stream, nullptr);
      ASSERT_TRUE(asked == ERATO_OK || asked == ERATO_BUSY || asked == ERATO_CONTEXT_FULL)
          << erato_status_name(asked);
      if (asked != ERATO_OK) continue;
      erato_status status = ERATO_OK;
      EXPECT_EQ(Drain(stream, status), kAnswer);
      erato_stream_free(stream);
      ++answers;
    }
    erato_options_free(options);
  });
  EXPECT_GT(answers, 0);
  erato_session_free(session);
  erato_model_free(model);
}

// One stream, many callers: each advance is BUSY or takes the next piece, and none is lost.
TEST_P(Threads, SharedStreamIsBusyAndNothingWorse) {
  erato_model* model = Load(GetParam());
  erato_options* options = Greedy();
  for (int round = 0; round < kRounds; ++round) {
    erato_stream* stream = nullptr;
    ASSERT_EQ(erato_model_generate(model, "\n", 1, 0, options, &stream, nullptr), ERATO_OK);
    std::atomic<int> pieces{0}, ended{0};
    InThreads([&](int) {
      for (erato_status status = ERATO_OK; status != ERATO_END;) {
        status = erato_stream_advance(stream, nullptr);
        ASSERT_TRUE(status == ERATO_OK || status == ERATO_BUSY || status == ERATO_END)
            << erato_status_name(status);
        pieces += status == ERATO_OK;
        ended += status == ERATO_END;
      }
    });
    EXPECT_EQ(pieces, 6);
    EXPECT_EQ(ended, kThreads);
    erato_stream_free(stream);
  }
  erato_options_free(options);
  erato_model_free(model);
}

/// A host's memory that nobody gets any of before it is let go.
struct Gate {
  std::atomic<bool> open{false}, reached{false};
  static void* Allocate(size_t bytes, size_t alignment, void* gate) {
    auto& self = *static_cast<Gate*>(gate);
    self.reached = true;
    while (!self.open) std::this_thread::yield();
    return std::aligned_alloc(alignment, bytes);
  }
  static void Release(void* memory, size_t, void*) { std::free(memory); }
};

// A load that is held up in its middle: what is told of it, and a cancel that comes then.
TEST_P(Threads, LoadsAsideTellHowFarTheyAre) {
  for (const bool cancel : {false, true}) {
    Gate gate;
    ASSERT_EQ(erato_set_allocator(Gate::Allocate, Gate::Release, &gate, nullptr), ERATO_OK);
    erato_load* load = nullptr;
    erato_model* model = nullptr;
    ASSERT_EQ(erato_load_start(tiny_path, nullptr, &load, nullptr), ERATO_OK);
    while (!gate.reached) std::this_thread::yield();
    EXPECT_EQ(erato_load_finish(load, 0, &model, nullptr), ERATO_PENDING);
    EXPECT_EQ(erato_load_finish(load, 5, &model, nullptr), ERATO_PENDING);
    EXPECT_EQ(model, nullptr);
    EXPECT_LT(erato_load_progress(load), 1);
    EXPECT_STREQ(erato_load_stage(load), "weights");
    if (cancel) erato_load_cancel(load);
    gate.open = true;
    EXPECT_EQ(erato_load_finish(load, -1, &model, nullptr), cancel ? ERATO_CANCELLED : ERATO_OK);
    EXPECT_STREQ(erato_load_stage(load), cancel ? "failed" : "ready");
    erato_load_free(load);
    erato_model_free(model);
    ASSERT_EQ(erato_set_allocator(nullptr, nullptr, nullptr, nullptr), ERATO_OK);
  }
}

// Progress is told on the calling thread; where it throws, the load fails and nothing is left.
TEST_P(Threads, ProgressOfALoad) {
  erato_model* model = nullptr;
  std::thread::id told;
  const auto note = [](double, void* id) -> int32_t {
    *static_cast<std::thread::id*>(id) = std::this_thread::get_id();
    return 1;
  };
  const auto fail = [](double, void*) -> int32_t { throw std::runtime_error("a host's own"); };
  ASSERT_EQ(erato_model_load_with_progress(tiny_path, nullptr, note, &told, &model, nullptr),
            ERATO_OK);
  EXPECT_EQ(told, std::this_thread::get_id());
  erato_model_free(model);
  model = nullptr;
  erato_error* error = nullptr;
  EXPECT_EQ(erato_model_load_with_progress(tiny_path, nullptr, fail, nullptr, &model, &error),
            ERATO_CALLBACK_FAILED);
  EXPECT_EQ(erato_error_status(error), ERATO_CALLBACK_FAILED);
  EXPECT_EQ(model, nullptr);
  erato_error_free(error);
}

// What a log throws is dropped.
TEST_P(Threads, LogThatThrows) {
  const auto fail = [](erato_log_level, const char*, size_t, void* lines) {
    ++*static_cast<std::atomic<int>*>(lines);
    throw std::runtime_error("a host's own");
  };
  std::atomic<int> lines{0};
  ASSERT_EQ(erato_set_log(fail, ERATO_LOG_DEBUG, &lines, nullptr), ERATO_OK);
  erato_model_free(Load(GetParam()));
  ASSERT_EQ(erato_set_log(nullptr, ERATO_LOG_OFF, nullptr, nullptr), ERATO_OK);
  EXPECT_GT(lines, 0);
}

TEST_P(Threads, ManyLoadsAtOnce) {
  InThreads([](int thread) {
    erato_load* load = nullptr;
    erato_model* model = nullptr;
    ASSERT_EQ(erato_load_start(tiny_path, nullptr, &load, nullptr), ERATO_OK);
    if (thread % 2 == 0) erato_load_cancel(load);
    const erato_status status = erato_load_finish(load, -1, &model, nullptr);
    EXPECT_TRUE(status == ERATO_OK || status == ERATO_CANCELLED);
    erato_load_free(load);
    erato_model_free(model);
  });
}

// Memory of two hosts, changed while models load and answer: every byte goes back to whom it came
// from.
TEST_P(Threads, AllocatorsChangeMeanwhile) {
  static std::atomic<int64_t> live[2];
  const auto allocate = [](size_t bytes, size_t alignment, void* which) {
    *static_cast<std::atomic<int64_t>*>(which) += static_cast<int64_t>(bytes);
    return std::aligned_alloc(alignment, bytes);
  };
  const auto release = [](void* memory, size_t bytes, void* which) {
    *static_cast<std::atomic<int64_t>*>(which) -= static_cast<int64_t>(bytes);
    std::free(memory);
  };
  const char* device = GetParam();
  InThreads([&](int thread) {
    erato_options* options = Greedy();
    for (int i = 0; i < kRounds; ++i) {
      if (thread < 2) {
        EXPECT_EQ(erato_set_allocator(allocate, release, &live[thread], nullptr), ERATO_OK);
      }
      erato_model* model = Load(device);
      ChatTwice(model, options);
      erato_model_free(model);
    }
    erato_options_free(options);
  });
  EXPECT_EQ(erato_set_allocator(nullptr, nullptr, nullptr, nullptr), ERATO_OK);
  EXPECT_EQ(live[0], 0);
  EXPECT_EQ(live[1], 0);
}

INSTANTIATE_TEST_SUITE_P(Devices, Threads, testing::Values("ref", "cpu"));

}  // namespace
}  // namespace erato::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 2;
  erato::test::tiny_path = argv[1];
  return RUN_ALL_TESTS();
}
