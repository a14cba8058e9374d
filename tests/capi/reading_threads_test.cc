// Embeddings beside chats in one process: many threads read with one model and talk to another.
// What they read is the same to the last bit as alone, and flags stop calls at work from elsewhere.
// Meant to be run under ThreadSanitizer too.
#include <erato/erato.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace erato::test {
namespace {

std::string tiny_path, encoders_path;
constexpr int kThreads = 4, kRounds = 12, kWidth = 8;
const char* const kTexts[] = {"good paris", "bad", "the anna good bad paris the", "good"};
const size_t kBytes[] = {10, 3, 27, 4};
constexpr size_t kCount = 4;

erato_model* Load(const std::string& path, const char* device) {
  erato_options* options = nullptr;
  erato_model* model = nullptr;
  EXPECT_EQ(erato_options_create(ERATO_OPTIONS_LOAD, &options, nullptr), ERATO_OK);
  EXPECT_EQ(erato_options_set_text(options, ERATO_LOAD_DEVICE, device, 3, nullptr), ERATO_OK);
  EXPECT_EQ(erato_model_load(path.c_str(), options, &model, nullptr), ERATO_OK);
  erato_options_free(options);
  return model;
}

class ReadingThreads : public testing::TestWithParam<const char*> {
 protected:
  ReadingThreads()
      : embedder_(Load(encoders_path + "/embedder", GetParam())),
        chat_(Load(tiny_path, GetParam())),
        alone_(kCount * kWidth) {
    EXPECT_EQ(erato_model_vector_width(embedder_), kWidth);
    EXPECT_EQ(erato_model_embed(embedder_, kTexts, kBytes, kCount, nullptr, alone_.data(),
                                alone_.size(), nullptr),
              ERATO_OK);
  }
  ~ReadingThreads() override {
    erato_model_free(embedder_);
    erato_model_free(chat_);
  }

  /// Some of the texts, in some order; each vector is what it was alone.
  void EmbedSome(std::mt19937& random) const {
    const char* texts[kCount];
    size_t bytes[kCount], which[kCount];
    const size_t count = 1 + random() % kCount;
    for (size_t i = 0; i < count; ++i) {
      which[i] = random() % kCount;
      texts[i] = kTexts[which[i]];
      bytes[i] = kBytes[which[i]];
    }
    float vectors[kCount * kWidth];
    ASSERT_EQ(erato_model_embed(embedder_, texts, bytes, count, nullptr, vectors, kCount * kWidth,
                                nullptr),
              ERATO_OK);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(
          std::memcmp(vectors + i * kWidth, &alone_[which[i] * kWidth], kWidth * sizeof(float)), 0)
          << texts[i];
    }
  }

  void Chat() const {
    constexpr char kRequest[] =
        R"({"messages": [{"role": "user", "content": "hi"}], "temperature": 0})";
    erato_text* answer = nullptr;
    ASSERT_EQ(erato_model_request(chat_, kRequest, strlen(kRequest), &answer, nullptr), ERATO_OK);
    EXPECT_NE(std::string(erato_text_data(answer, nullptr)).find("Hello world"), std::string::npos);
    erato_text_free(answer);
  }

  erato_model* embedder_;
  erato_model* chat_;
  std::vector<float> alone_;
};

TEST_P(ReadingThreads, EmbeddingsBesideChats) {
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread] {
      std::mt19937 random(thread);
      for (int i = 0; i < kRounds; ++i) {
        if (random() % 2 == 0) {
          EmbedSome(random);
        } else {
          Chat();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A flag that is triggered and reset over and over: each call ends whole or with CANCELLED, and
// calls without the flag notice nothing.
TEST_P(ReadingThreads, AFlagStopsThoseThatHoldIt) {
  erato_cancel* cancel = nullptr;
  erato_options* options = nullptr;
  ASSERT_EQ(erato_cancel_create(&cancel, nullptr), ERATO_OK);
  ASSERT_EQ(erato_options_create(ERATO_OPTIONS_READ, &options, nullptr), ERATO_OK);
  ASSERT_EQ(erato_options_set_cancel(options, cancel, nullptr), ERATO_OK);
  std::vector<const char*> texts(300, kTexts[2]);
  std::vector<size_t> bytes(300, kBytes[2]);
  std::atomic<int> at_work{2};
  const auto read = [&] {
    std::vector<float> vectors(texts.size() * kWidth);
    for (int i = 0; i < kRounds; ++i) {
      const erato_status status =
          erato_model_embed(embedder_, texts.data(), bytes.data(), texts.size(), options,
                            vectors.data(), vectors.size(), nullptr);
      ASSERT_TRUE(status == ERATO_OK || status == ERATO_CANCELLED) << erato_status_name(status);
      if (status != ERATO_OK) continue;
      EXPECT_TRUE(std::equal(&vectors[299 * kWidth], &vectors[300 * kWidth], &alone_[2 * kWidth]));
    }
    --at_work;
  };
  std::thread first(read), second(read), without([this] {
    std::mt19937 random(7);
    for (int i = 0; i < kRounds; ++i) EmbedSome(random);
  });
  while (at_work > 0) {
    erato_cancel_trigger(cancel);
    std::this_thread::yield();
    erato_cancel_reset(cancel);
    std::this_thread::yield();
  }
  first.join();
  second.join();
  without.join();
  erato_cancel_trigger(cancel);
  float vector[kWidth];
  EXPECT_EQ(erato_model_embed(embedder_, kTexts, kBytes, 1, options, vector, kWidth, nullptr),
            ERATO_CANCELLED);
  erato_options_free(options);
  erato_cancel_free(cancel);
}

INSTANTIATE_TEST_SUITE_P(Devices, ReadingThreads, testing::Values("ref", "cpu"));

}  // namespace
}  // namespace erato::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) return 2;
  erato::test::tiny_path = argv[1];
  erato::test::encoders_path = argv[2];
  return RUN_ALL_TESTS();
}
