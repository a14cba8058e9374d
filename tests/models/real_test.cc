// Real models against what the reference implementation answers to their prompts. The files are not
// part of the repository: a test whose file is not in the user's cache says so and is skipped.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/device.h"
#include "gtest/gtest.h"
#include "tests/models/divergence.h"
#include "tests/models/runner.h"
#include "tests/support/golden.h"
#include "tests/support/json.h"

namespace erato::test {
namespace {

struct RealCase {
  const char* golden;     // tests/data/real/NAME.{json,safetensors}
  const char* file;       // in the cache
  double cpu_divergence;  // mean KL that 8-bit activations in blocks of 32 may cost
};
constexpr RealCase kCases[] = {
    {"smollm2", "smollm2-135m-instruct-q4_1.gguf", 0.0050},
    {"smollm2-chat", "smollm2-135m-instruct-q4_1.gguf", 0.0060},
    {"gemma3", "gemma-3-270m-q4_k_m.gguf", 0.0085},
};
constexpr double kRefDivergence = 1e-5;

std::string CacheFolder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return std::string(cache) + "/erato/models/";
  }
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.cache/erato/models/";
}

/// The golden logits were stored as float16, which alone costs up to 1.3e-5; rounding ours alike
/// leaves the difference in arithmetic.
std::vector<float> AsStored(const std::vector<float>& logits) {
  const auto n = static_cast<int64_t>(logits.size());
  std::vector<uint8_t> halves(BytesOf(Format::kF16, n));
  std::vector<float> out(logits.size());
  InfoOf(Format::kF16).encode(logits.data(), n, halves.data());
  InfoOf(Format::kF16).decode(halves.data(), n, out.data());
  return out;
}

using Param = std::tuple<RealCase, const char*>;
class Real : public testing::TestWithParam<Param> {};

TEST_P(Real, MeanDivergence) {
  const auto& [c, device] = GetParam();
  const std::string path = CacheFolder() + c.file;
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << c.file << " is not in the cache; ./run fetch gets it";
  }
  const std::string golden = std::string(ERATO_TEST_DATA) + "/real/" + c.golden;
  const Json prompts = ReadJsonFile(golden + ".json");
  const auto arrays = ReadArrays(golden + ".safetensors");
  ASSERT_FALSE(prompts.empty());
  DeviceOptions options;
  options.name = device;
  auto backend = NewBackend(options);
  ASSERT_TRUE(backend.ok()) << backend.status();
  const auto runner = Runner::Load(path, *std::move(backend), 64);
  ASSERT_TRUE(runner.ok()) << runner.status();
  double sum = 0;
  for (size_t i = 0; i < prompts.size(); ++i) {
    const auto ids = prompts[i]["input_ids"].get<std::vector<int32_t>>();
    const auto expected = arrays.find("last_logits." + std::to_string(i));
    ASSERT_NE(expected, arrays.end());
    const auto logits = (*runner)->Logits(ids, 64, /*last=*/true);
    sum += Divergence(expected->second.floats, AsStored(logits));
  }
  const double mean = sum / static_cast<double>(prompts.size());
  printf("%-14s %-4s mean KL %.3g over %zu prompts\n", c.golden, device, mean, prompts.size());
  EXPECT_LE(mean, std::string(device) == "ref" ? kRefDivergence : c.cpu_divergence);
}

std::string NameOf(const testing::TestParamInfo<Param>& info) {
  std::string name = std::string(std::get<0>(info.param).golden) + "_" + std::get<1>(info.param);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Real,
                         testing::Combine(testing::ValuesIn(kCases), testing::Values("ref", "cpu")),
                         NameOf);

}  // namespace
}  // namespace erato::test
