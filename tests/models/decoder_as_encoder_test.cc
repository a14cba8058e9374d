// Decoders that make vectors and labels: against the reference implementation, and against their
// own logits, which are products of the head with the rows' vectors.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/engine/encoder_engine.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/models/divergence.h"
#include "tests/models/folder_copy.h"
#include "tests/models/to_gguf.h"
#include "tests/support/golden.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

using testing::HasSubstr;

struct Loaded {
  std::unique_ptr<Backend> backend;
  std::unique_ptr<EncoderModel> model;
  std::unique_ptr<EncoderEngine> engine;
};

Loaded Load(const std::string& path, const std::string& device) {
  Loaded loaded;
  loaded.backend = *NewBackend({.name = device});
  const auto files = ModelFiles::Open(path, FileAccess::kCopy);
  EXPECT_TRUE(files.ok()) << files.status();
  if (!files.ok()) return loaded;
  BindOptions options;
  options.max_rows = 8;  // less than the sequences have: the engine asks for more
  auto model = BindEncoder(**files, *loaded.backend, options);
  EXPECT_TRUE(model.ok()) << model.status();
  if (!model.ok()) return loaded;
  loaded.model = *std::move(model);
  loaded.engine = std::make_unique<EncoderEngine>(loaded.model.get(), loaded.backend.get());
  return loaded;
}

// ---- rows ---------------------------------------------------------------------------------------

class DecoderRows : public testing::TestWithParam<const char*> {};

/// The head's product with a row; both lie in the folder as float32.
std::vector<float> LogitsOf(const std::vector<float>& rows, int64_t width, const Array& head) {
  std::vector<float> logits;
  for (size_t at = 0; at < rows.size(); at += static_cast<size_t>(width)) {
    for (int64_t v = 0; v < head.shape[0]; ++v) {
      double sum = 0;
      for (int64_t i = 0; i < width; ++i) sum += double{rows[at + i]} * head.floats[v * width + i];
      logits.push_back(static_cast<float>(sum));
    }
  }
  return logits;
}

TEST_P(DecoderRows, AreWhatItsHeadReads) {
  const std::string folder = std::string(ERATO_TEST_DATA) + "/tiny/" + GetParam();
  auto golden = ReadArrays(folder + "/golden.safetensors");
  auto weights = ReadArrays(folder + "/model.safetensors");
  const char* names[] = {"lm_head.weight", "model.embed_tokens.weight", "transformer.wte.weight"};
  const char* head = *std::find_if(std::begin(names), std::end(names),
                                   [&](const char* name) { return weights.count(name) > 0; });
  const std::vector<int32_t> ids(golden["input_ids"].integers.begin(),
                                 golden["input_ids"].integers.end());
  for (const char* device : {"ref", "cpu"}) {
    Loaded loaded = Load(folder, device);
    ASSERT_NE(loaded.engine, nullptr);
    EXPECT_EQ(loaded.model->pooling(), Pooling::kLast);
    const int32_t width = loaded.model->width();
    std::vector<float> rows(ids.size() * static_cast<size_t>(width));
    const std::vector<EncoderInput> inputs = {{ids}};
    const absl::Status status =
        loaded.engine->Embed(inputs, {.pooling = Pooling::kNone}, {}, rows.data());
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_LE(LargestDifference(LogitsOf(rows, width, weights[head]), golden["logits"].floats),
              1e-3f)
        << device;
    std::vector<float> last(static_cast<size_t>(width));
    ASSERT_TRUE(loaded.engine->Embed(inputs, {.normalise = false}, {}, last.data()).ok());
    EXPECT_EQ(last, std::vector<float>(rows.end() - width, rows.end()));
  }
}

INSTANTIATE_TEST_SUITE_P(Tiny, DecoderRows,
                         testing::Values("llama", "llama-tied", "mistral", "qwen2", "qwen3",
                                         "gemma3", "gpt2"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// ---- the reference's vectors and labels ---------------------------------------------------------

class Embedders : public testing::TestWithParam<const char*> {
 protected:
  static std::string Folder(const std::string& name) {
    return std::string(ERATO_EMBEDDERS_DIR) + "/" + name;
  }
  /// The golden's sequences, without their padding.
  static std::vector<std::vector<int32_t>> Sequences(const std::map<std::string, Array>& golden) {
    std::vector<std::vector<int32_t>> out;
    const Array &ids = golden.at("input_ids"), &lengths = golden.at("lengths");
    for (size_t s = 0; s < lengths.integers.size(); ++s) {
      const auto first = ids.integers.begin() + static_cast<int64_t>(s) * ids.shape[1];
      out.emplace_back(first, first + lengths.integers[s]);
    }
    return out;
  }
};

TEST_P(Embedders, VectorsWithDenseLayersWithoutAMask) {
  const auto golden = ReadArrays(Folder("gemma3-embedder") + "/golden.safetensors");
  const auto files = ModelFiles::Open(Folder("gemma3-embedder"), FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto summary = Summarise(**files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->vectors && summary->normalised);
  EXPECT_EQ(summary->pooling, Pooling::kMean);
  const absl::Status generates = Summarise(**files, Purpose::kGenerate).status();
  EXPECT_THAT(std::string(generates.message()), HasSubstr("makes vectors"));
  Loaded loaded = Load(Folder("gemma3-embedder"), GetParam());
  ASSERT_NE(loaded.engine, nullptr);
  const auto texts = Sequences(golden);
  std::vector<EncoderInput> inputs;
  for (const auto& text : texts) inputs.push_back({text});
  const std::vector<float>& expected = golden.at("embedding").floats;
  std::vector<float> vectors(expected.size());
  const absl::Status status = loaded.engine->Embed(inputs, {}, {}, vectors.data());
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_LE(LargestDifference(vectors, expected), 1e-4f);
}

TEST_P(Embedders, LabelsFromTheLastRow) {
  const auto golden = ReadArrays(Folder("qwen3-classifier") + "/golden.safetensors");
  Loaded loaded = Load(Folder("qwen3-classifier"), GetParam());
  ASSERT_NE(loaded.engine, nullptr);
  EXPECT_EQ(loaded.model->labels(), 3);
  const auto texts = Sequences(golden);
  std::vector<EncoderInput> inputs;
  for (const auto& text : texts) inputs.push_back({text});
  const std::vector<float>& expected = golden.at("logits").floats;
  std::vector<float> scores(expected.size());
  const absl::Status status = loaded.engine->Label(inputs, {}, scores.data());
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_LE(LargestDifference(scores, expected), 1e-4f);
}

INSTANTIATE_TEST_SUITE_P(All, Embedders, testing::Values("ref", "cpu"),
                         [](const auto& info) { return std::string(info.param); });

// ---- what files say -----------------------------------------------------------------------------

TEST(DecoderPurpose, GgufSaysItByItsPooling) {
  GgufWriter writer = ToGguf(std::string(ERATO_TEST_DATA) + "/tiny/qwen3");
  const TempFolder temp;
  writer.WriteTo(temp / "generates.gguf");
  writer.AddU32("qwen3.pooling_type", 3);
  writer.WriteTo(temp / "embeds.gguf");
  const auto generates = ModelFiles::Open(temp / "generates.gguf", FileAccess::kCopy);
  const auto embeds = ModelFiles::Open(temp / "embeds.gguf", FileAccess::kCopy);
  ASSERT_TRUE(generates.ok() && embeds.ok());
  EXPECT_FALSE(Summarise(**generates)->vectors);
  EXPECT_TRUE(Summarise(**embeds)->vectors);
  EXPECT_EQ(Summarise(**embeds)->pooling, Pooling::kLast);
  EXPECT_FALSE(Summarise(**embeds, Purpose::kGenerate)->vectors);
  EXPECT_TRUE(Summarise(**generates, Purpose::kVectors)->vectors);
}

TEST(DecoderPurpose, BrokenModulesAreAnError) {
  const TempFolder temp;
  CopyFolder(std::string(ERATO_TEST_DATA) + "/tiny/qwen3", temp.path(), [](Json&) {});
  WriteFile(temp / "modules.json", "[");
  EXPECT_TRUE(absl::IsInvalidArgument(ModelFiles::Open(temp.path(), FileAccess::kCopy).status()));
}

/// A copy of the embedder whose second dense layer says otherwise.
absl::Status StatusWithDense(const std::string& config) {
  const TempFolder temp;
  const std::string from = std::string(ERATO_EMBEDDERS_DIR) + "/gemma3-embedder";
  std::filesystem::copy(
      from, temp.path(),
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  WriteFile(temp / "2_Dense/config.json", config);
  const auto files = ModelFiles::Open(temp.path(), FileAccess::kCopy);
  if (!files.ok()) return files.status();
  return CheckModel(**files);
}

TEST(DecoderPurpose, BadDenseLayersAreNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"in_features": 31, "out_features": 48})", "in_features, got 31, expected 32"},
      {R"({"in_features": 32, "out_features": 0})", "out_features"},
      {R"({"in_features": 32, "out_features": 49, "bias": false})", "in_features, got 48"},
      {R"({"in_features": 32, "out_features": 48})", "2_Dense/linear.bias, got nothing"},
      {R"({"in_features": 32, "out_features": 48, "bias": 1})", "bias, got 1"},
      {R"({"in_features": 32, "out_features": 48, "activation_function": "torch.nn.Softplus"})",
       "expected Identity, Tanh"},
      {"[]", "2_Dense/config.json] root"}};
  for (const auto& [config, message] : cases) {
    EXPECT_THAT(std::string(StatusWithDense(config).message()), HasSubstr(message)) << config;
  }
}

}  // namespace
}  // namespace erato::test
