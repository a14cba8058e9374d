// One model, many threads: sessions of their own give exact answers, a session that is shared gives
// BUSY and nothing worse, cancels come from elsewhere. Meant to be run under ThreadSanitizer too.
#include <erato/erato.h>

#include <atomic>
#include <cstdlib>
#include <random>
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
