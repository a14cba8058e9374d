// The engine over real forward passes: tiny models on the scalar backend give the reference's
// greedy text whatever the chunks, alone and in a batch, from one thread and from many, with room
// to spare and with hardly any.
#include <string>
#include <thread>
#include <vector>

#include "core/ref/ref.h"
#include "core/weights/model_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/engine/fake.h"
#include "tests/engine/invariants.h"
#include "tests/support/golden.h"

namespace erato {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<int32_t> Ids(const test::Array& array) {
  return {array.integers.begin(), array.integers.end()};
}

class EngineModel : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string folder = std::string(ERATO_TEST_DATA) + "/tiny/" + GetParam();
    auto golden = test::ReadArrays(folder + "/golden.safetensors");
    prompt_ = Ids(golden["input_ids"]);
    greedy_ = Ids(golden["greedy"]);
    auto files = ModelFiles::Open(folder, FileAccess::kCopy);
    ASSERT_TRUE(files.ok()) << files.status();
    backend_ = *NewRefBackend();
    auto model = BindModel(**files, *backend_, BindOptions{});
    ASSERT_TRUE(model.ok()) << model.status();
    model_ = *std::move(model);
  }

  std::shared_ptr<Engine> NewEngine(int32_t step_tokens, int32_t blocks = 1000) {
    EngineOptions options;
    options.step_tokens = step_tokens;
    options.kv_bytes = blocks * (*backend_->NewKvPool(model_->kv_layers()))->block_bytes();
    return *Engine::Create(model_.get(), backend_.get(), options);
  }

  /// The i-th of many prompts: each ends elsewhere.
  std::vector<int32_t> Prompt(int i) const { return {prompt_.begin(), prompt_.end() - 3 * i}; }

  std::vector<int32_t> Alone(int i) {
    std::shared_ptr<Engine> engine = NewEngine(64);
    auto request = engine->Submit(engine->NewSequence(), Prompt(i), Sixteen()).value();
    return ReadAnswer(*engine, *request).tokens;
  }

  static RequestOptions Sixteen() {
    RequestOptions options;
    options.max_tokens = 16;
    return options;
  }

  std::vector<int32_t> prompt_, greedy_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Model> model_;
};

TEST_P(EngineModel, GreedyTextIsTheReferencesWhateverTheChunks) {
  for (int32_t rows : {1, 7, 64}) {
    std::shared_ptr<Engine> engine = NewEngine(rows);
    auto line = engine->NewSequence();
    auto request = engine->Submit(line, prompt_, Sixteen()).value();
    EXPECT_THAT(ReadAnswer(*engine, *request).tokens, ElementsAreArray(greedy_)) << rows;
    auto again = engine->Submit(line, prompt_, Sixteen()).value();  // on the cache of the first
    EXPECT_THAT(ReadAnswer(*engine, *again).tokens, ElementsAreArray(greedy_)) << rows;
  }
}

TEST_P(EngineModel, LogitsAreTheSameBitsWhateverTheChunks) {
  std::vector<float> whole = NewEngine(64)->Logits(prompt_, true).value();
  for (int32_t rows : {1, 7}) {
    EXPECT_EQ(NewEngine(rows)->Logits(prompt_, true).value(), whole) << rows;
  }
}

TEST_P(EngineModel, ABatchOfEightAnswersAsEachAlone) {
  for (int32_t blocks : {1000, 5}) {  // five: three at a time at most, the others give way
    std::shared_ptr<Engine> engine = NewEngine(24, blocks);
    std::vector<std::shared_ptr<Request>> requests;
    std::vector<std::vector<int32_t>> answers(8);
    for (int i = 0; i < 8; ++i) {
      requests.push_back(engine->Submit(engine->NewSequence(), Prompt(i), Sixteen()).value());
    }
    for (int n = 0; n < 16; ++n) {
      for (int i = 0; i < 8; ++i) answers[i].push_back(*engine->Next(*requests[i])->token);
    }
    for (int i = 0; i < 8; ++i) EXPECT_THAT(answers[i], ElementsAreArray(Alone(i))) << i;
    EXPECT_THAT(Violations(TakeSnapshot(*engine, model_->context_length())), IsEmpty());
  }
}

TEST_P(EngineModel, EightThreadsAnswerAsEachAlone) {
  std::vector<std::vector<int32_t>> expected;
  for (int i = 0; i < 8; ++i) expected.push_back(Alone(i));
  for (int32_t blocks : {1000, 5}) {
    std::shared_ptr<Engine> engine = NewEngine(24, blocks);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        auto request = engine->Submit(engine->NewSequence(), Prompt(i), Sixteen()).value();
        EXPECT_THAT(ReadAnswer(*engine, *request).tokens, ElementsAreArray(expected[i])) << i;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

INSTANTIATE_TEST_SUITE_P(Tiny, EngineModel, ::testing::Values("llama", "gemma3", "gpt2"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace erato
