// Tiny random models of each family against the logits of the reference implementation.
#include "tests/support/golden.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/ref/ref.h"
#include "gtest/gtest.h"
#include "tests/models/divergence.h"
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

double Deviation(const std::vector<float>& v) {
  double sum = 0, squares = 0;
  for (float x : v) sum += x;
  const double mean = sum / static_cast<double>(v.size());
  for (float x : v) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / static_cast<double>(v.size()));
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

TEST_P(Golden, LogitsOnCpu) {
  auto backend = NewBackend({.name = "cpu"});
  ASSERT_TRUE(backend.ok()) << backend.status();
  const auto runner = Runner::Load(Folder(), *std::move(backend));
  ASSERT_TRUE(runner.ok()) << runner.status();
  for (int32_t rows : {40, 1, 13}) {
    const auto logits = (*runner)->Logits(Ids(golden_["input_ids"]), rows);
    const float d = LargestDifference(logits, golden_["logits"].floats);
    if (rows == 40) printf("%-22s cpu          max |dlogit| %.2e\n", GetParam(), d);
    EXPECT_LE(d, kTolerance) << rows;
  }
}

// Quantised weights on both backends: what is left between them is the rounding of activations to 8
// bits in blocks of 32. Rounded alike, but in otherwise exact arithmetic, the reference
// implementation itself moves by up to 0.54 standard deviations on these random models
// (llama-rope-linear with Q4_1 weights), at the same mean divergence: so the mean is held to 0.01
// and the largest one to 0.6.
TEST_P(Golden, QuantisedOnCpuIsNearRef) {
  for (Format format : {Format::kQ8_0, Format::kQ4_0, Format::kQ4_1, Format::kQ5_0}) {
    const TempFolder temp;
    ToGguf(Folder(), {.matrices = format, .without_key = {}, .tensor = {}})
        .WriteTo(temp / "tiny.gguf");
    const auto exact = LoadRef(temp / "tiny.gguf");
    auto backend = NewBackend({.name = "cpu"});
    ASSERT_TRUE(exact != nullptr && backend.ok()) << backend.status();
    const auto fast = Runner::Load(temp / "tiny.gguf", *std::move(backend));
    ASSERT_TRUE(fast.ok()) << fast.status();
    const auto ids = Ids(golden_["input_ids"]);
    const auto expected = exact->Logits(ids, 40), got = (*fast)->Logits(ids, 40);
    const double divergence = MeanDivergence(expected, got, exact->model().vocabulary());
    printf("%-22s cpu %-5s mean KL %.2e\n", GetParam(), InfoOf(format).name, divergence);
    EXPECT_LE(divergence, 0.01);
    EXPECT_LE(LargestDifference(expected, got), 0.6 * Deviation(expected));
  }
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
