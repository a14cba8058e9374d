// Tiny random models of each family against the logits of the reference implementation.
#include "tests/support/golden.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/ref/ref.h"
#include "gtest/gtest.h"
#include "tests/models/runner.h"
#include "tests/models/to_gguf.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

constexpr float kTolerance = 1e-3f;

std::vector<int32_t> Ids(const Array& array) {
  return {array.integers.begin(), array.integers.end()};
}

float LargestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  float largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const float d = std::abs(a[i] - b[i]);
    largest = d <= largest ? largest : d;  // NaN is a difference
  }
  return largest;
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  std::string Folder() const { return std::string(ERATO_TINY_DIR) + "/" + GetParam(); }
  std::map<std::string, Array> golden_ = ReadArrays(Folder() + "/golden.safetensors");
};

std::unique_ptr<Runner> LoadRef(const std::string& path) {
  auto runner = Runner::Load(path, *NewRefBackend());
  EXPECT_TRUE(runner.ok()) << runner.status();
  return runner.ok() ? *std::move(runner) : nullptr;
}

TEST_P(Golden, LogitsFromSafetensors) {
  const auto runner = LoadRef(Folder());
  ASSERT_NE(runner, nullptr);
  const auto ids = Ids(golden_["input_ids"]);
  const auto whole = runner->Logits(ids, 40);
  const float d = LargestDifference(whole, golden_["logits"].floats);
  RecordProperty("max_logit_difference", std::to_string(d));
  printf("%-22s safetensors  max |dlogit| %.2e\n", GetParam(), d);
  EXPECT_LE(d, kTolerance);
}

TEST_P(Golden, LogitsFromGguf) {
  const TempFolder temp;
  ToGguf(Folder()).WriteTo(temp / "tiny.gguf");
  const auto runner = LoadRef(temp / "tiny.gguf");
  ASSERT_NE(runner, nullptr);
  const auto whole = runner->Logits(Ids(golden_["input_ids"]), 40);
  const float d = LargestDifference(whole, golden_["logits"].floats);
  printf("%-22s gguf         max |dlogit| %.2e\n", GetParam(), d);
  EXPECT_LE(d, kTolerance);
}

TEST_P(Golden, ChunksEqualWhole) {
  const auto runner = LoadRef(Folder());
  ASSERT_NE(runner, nullptr);
  const auto ids = Ids(golden_["input_ids"]);
  const auto whole = runner->Logits(ids, 40);
  for (int32_t rows : {1, 7, 13}) EXPECT_EQ(runner->Logits(ids, rows), whole) << rows;
}

TEST_P(Golden, GreedyContinuation) {
  const auto runner = LoadRef(Folder());
  ASSERT_NE(runner, nullptr);
  auto ids = Ids(golden_["input_ids"]);
  for (int64_t expected : golden_["greedy"].integers) {
    const auto logits = runner->Logits(ids, 64, /*last=*/true);
    auto sorted = logits;
    std::nth_element(sorted.begin(), sorted.begin() + 1, sorted.end(), std::greater<float>());
    if (sorted[0] - sorted[1] <= 2 * kTolerance) return;  // a tie: either may follow
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    ASSERT_EQ(best, expected) << "after " << ids.size() << " tokens";
    ids.push_back(static_cast<int32_t>(best));
  }
}

INSTANTIATE_TEST_SUITE_P(Tiny, Golden,
                         testing::Values("llama", "llama-tied", "llama-rope-llama3",
                                         "llama-rope-linear", "llama-rope-yarn",
                                         "llama-bias-headdim", "mistral", "qwen2", "qwen3",
                                         "gemma3", "gpt2"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace erato::test
