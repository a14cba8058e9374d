// Tiny random encoders, classifiers and rerankers against what the reference implementation
// answers.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/engine/encoder_engine.h"
#include "core/ref/ref.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/models/divergence.h"
#include "tests/support/golden.h"

namespace erato::test {
namespace {

struct Loaded {
  std::unique_ptr<Backend> backend;
  std::unique_ptr<EncoderModel> model;
  std::unique_ptr<EncoderEngine> engine;
};

class EncoderGolden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Folder())) GTEST_SKIP() << "not in " << ERATO_TINY_DIR;
    golden_ = ReadArrays(Folder() + "/golden.safetensors");
  }
  std::string Folder() const { return std::string(ERATO_TINY_DIR) + "/" + GetParam(); }
  bool labels() const { return golden_.count("logits") > 0; }

  Loaded Load(std::unique_ptr<Backend> backend, int32_t step_rows = 1024) {
    Loaded loaded;
    loaded.backend = std::move(backend);
    const auto files = ModelFiles::Open(Folder(), FileAccess::kCopy);
    EXPECT_TRUE(files.ok()) << files.status();
    if (!files.ok()) return loaded;
    BindOptions options;
    options.max_rows = 8;  // less than the sequences have: the engine asks for more
    auto model = BindEncoder(**files, *loaded.backend, options);
    EXPECT_TRUE(model.ok()) << model.status();
    if (!model.ok()) return loaded;
    loaded.model = *std::move(model);
    loaded.engine =
        std::make_unique<EncoderEngine>(loaded.model.get(), loaded.backend.get(), step_rows);
    return loaded;
  }

  /// The golden's sequences, without their padding.
  std::vector<std::vector<int32_t>> Sequences() {
    std::vector<std::vector<int32_t>> out;
    const Array &ids = golden_["input_ids"], &lengths = golden_["lengths"];
    for (size_t s = 0; s < lengths.integers.size(); ++s) {
      const auto first = ids.integers.begin() + static_cast<int64_t>(s) * ids.shape[1];
      out.emplace_back(first, first + lengths.integers[s]);
    }
    return out;
  }

  /// The golden's values for what Answer gives: padding left out.
  std::vector<float> Expected() {
    const Array& all = golden_[labels() ? "logits" : "hidden"];
    if (all.shape.size() == 2) return all.floats;
    std::vector<float> out;
    const int64_t cols = all.shape[2], rows = all.shape[1];
    for (size_t s = 0; s < golden_["lengths"].integers.size(); ++s) {
      const auto first = all.floats.begin() + static_cast<int64_t>(s) * rows * cols;
      out.insert(out.end(), first, first + golden_["lengths"].integers[s] * cols);
    }
    return out;
  }

  /// Labels, or a vector a token.
  std::vector<float> Answer(EncoderEngine& engine, const std::vector<std::vector<int32_t>>& texts) {
    std::vector<EncoderInput> inputs;
    size_t rows = 0;
    for (const auto& text : texts) {
      inputs.push_back({text});
      rows += text.size();
    }
    const EncoderModel& model = engine.model();
    const bool by_row = !labels() || model.labels_tokens();
    std::vector<float> out((by_row ? rows : texts.size()) *
                           static_cast<size_t>(labels() ? model.labels() : model.width()));
    const absl::Status status =
        labels()
            ? engine.Label(inputs, {}, out.data())
            : engine.Embed(inputs, {.pooling = Pooling::kNone, .normalise = false}, {}, out.data());
    EXPECT_TRUE(status.ok()) << status;
    return out;
  }

  std::map<std::string, Array> golden_;
};

TEST_P(EncoderGolden, OnRef) {
  Loaded loaded = Load(*NewRefBackend());
  ASSERT_NE(loaded.engine, nullptr);
  const float d = LargestDifference(Answer(*loaded.engine, Sequences()), Expected());
  printf("%-22s ref  max |d| %.2e\n", GetParam(), d);
  EXPECT_LE(d, 1e-4f);
}

TEST_P(EncoderGolden, OnCpu) {
  for (int threads : {1, 2}) {
    Loaded loaded = Load(*NewBackend({.name = "cpu", .threads = threads}));
    ASSERT_NE(loaded.engine, nullptr);
    const float d = LargestDifference(Answer(*loaded.engine, Sequences()), Expected());
    printf("%-22s cpu  max |d| %.2e\n", GetParam(), d);
    EXPECT_LE(d, 1e-3f);
  }
}

TEST_P(EncoderGolden, BatchEqualsSingle) {
  for (const char* name : {"ref", "cpu"}) {
    Loaded batch = Load(*NewBackend({.name = name}));
    Loaded steps = Load(*NewBackend({.name = name}), 30);
    ASSERT_TRUE(batch.engine != nullptr && steps.engine != nullptr);
    auto texts = Sequences();
    for (int32_t n : {1, 2, 3}) texts.emplace_back(texts[0].begin(), texts[0].begin() + n);
    const std::vector<float> whole = Answer(*batch.engine, texts);
    EXPECT_LE(LargestDifference(Answer(*steps.engine, texts), whole), 1e-6f) << name;
    std::vector<float> singles;
    for (const auto& text : texts) {
      const std::vector<float> one = Answer(*batch.engine, {text});
      singles.insert(singles.end(), one.begin(), one.end());
    }
    EXPECT_LE(LargestDifference(singles, whole), 1e-6f) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Tiny, EncoderGolden,
                         testing::Values("bert", "roberta", "mpnet", "distilbert", "modernbert",
                                         "nomic-bert", "gte", "jina-v3", "eurobert", "electra",
                                         "bert-classifier", "bert-ner", "bert-reranker",
                                         "deberta-v3-classifier", "xlm-roberta-reranker"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace erato::test
