// all-MiniLM-L6-v2 against the vectors of the reference implementation, from ids. The model is not
// part of the repository: without it in the user's cache the test says so and is skipped.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/device.h"
#include "core/engine/encoder_engine.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/support/golden.h"
#include "tests/support/json.h"

namespace erato::test {
namespace {

std::string CacheFolder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return std::string(cache) + "/erato/models/";
  }
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.cache/erato/models/";
}

std::vector<std::vector<int32_t>> ReadIds() {
  std::vector<std::vector<int32_t>> out;
  const Json rows = ReadJsonFile(std::string(ERATO_TEST_DATA) + "/real/minilm.json");
  for (const Json& row : rows) out.push_back(row["input_ids"].get<std::vector<int32_t>>());
  return out;
}

class MiniLm : public testing::TestWithParam<const char*> {};

TEST_P(MiniLm, VectorsFromIds) {
  const std::string path = CacheFolder() + "minilm";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "minilm is not in the cache; ./run fetch minilm gets it";
  }
  const auto files = ModelFiles::Open(path, FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto summary = Summarise(**files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->family, "bert");
  EXPECT_EQ(summary->pooling, Pooling::kMean);
  EXPECT_TRUE(summary->normalised);
  EXPECT_EQ(summary->max_tokens, 256);
  EXPECT_EQ(summary->context_length, 512);
  const auto backend = *NewBackend({.name = GetParam()});
  const auto model = BindEncoder(**files, *backend, {});
  ASSERT_TRUE(model.ok()) << model.status();
  EncoderEngine engine(model->get(), backend.get());
  const auto ids = ReadIds();
  std::vector<EncoderInput> inputs;
  for (const auto& text : ids) inputs.push_back({text});
  const auto golden = ReadArrays(std::string(ERATO_TEST_DATA) + "/real/minilm.safetensors");
  const std::vector<float>& expected = golden.at("embeddings").floats;
  std::vector<float> got(inputs.size() * (*model)->width());
  ASSERT_EQ(got.size(), expected.size());
  const absl::Status status = engine.Embed(inputs, {}, {}, got.data());
  ASSERT_TRUE(status.ok()) << status;
  double worst = 1;
  for (size_t at = 0; at < got.size(); at += (*model)->width()) {
    double product = 0;
    for (int32_t i = 0; i < (*model)->width(); ++i) {
      product += double{got[at + i]} * expected[at + i];
    }
    worst = std::min(worst, product);
  }
  printf("minilm %s: worst cosine 1 - %.2g over %zu texts\n", GetParam(), 1 - worst, ids.size());
  EXPECT_GE(worst, 0.99999);
}

INSTANTIATE_TEST_SUITE_P(All, MiniLm, testing::Values("ref", "cpu"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace erato::test
