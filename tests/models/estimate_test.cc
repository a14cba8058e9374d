// What an estimate says is what binding takes, byte for byte, of every family on every device.
#include "models/estimate.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/buffer.h"
#include "core/device.h"
#include "gtest/gtest.h"
#include "tests/models/to_gguf.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

/// Counts the large memory of the process while it is there.
class Counted {
 public:
  Counted() { SetMemorySource({Allocate, Release, this}); }
  ~Counted() { SetMemorySource({}); }
  int64_t live() const { return live_; }
  int64_t buffers() const { return buffers_; }

 private:
  static void* Allocate(size_t bytes, size_t alignment, void* self) {
    Of(self).live_ += static_cast<int64_t>(bytes);
    ++Of(self).buffers_;
    return std::aligned_alloc(alignment, bytes);
  }
  static void Release(void* memory, size_t bytes, void* self) {
    Of(self).live_ -= static_cast<int64_t>(bytes);
    std::free(memory);
  }
  static Counted& Of(void* self) { return *static_cast<Counted*>(self); }

  std::atomic<int64_t> live_{0}, buffers_{0};
};

/// Binds the model of `path` and compares. A buffer takes whole lines of 64 bytes.
void Compare(const std::string& path, const DeviceOptions& device, const BindOptions& options) {
  const auto files = ModelFiles::Open(path, FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto summary = Summarise(**files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  Counted counted;
  const auto backend = *NewBackend(device);
  const auto estimate = EstimateMemory(**files, *backend, options, Purpose::kByFile);
  ASSERT_TRUE(estimate.ok()) << estimate.status();
  EXPECT_EQ(counted.buffers(), 0) << "an estimate takes nothing";
  absl::StatusOr<std::unique_ptr<Model>> decoder = nullptr;
  absl::StatusOr<std::unique_ptr<EncoderModel>> encoder = nullptr;
  if (summary->vectors) {
    encoder = BindEncoder(**files, *backend, options);
  } else {
    decoder = BindModel(**files, *backend, options);
  }
  ASSERT_TRUE(encoder.ok() && decoder.ok()) << encoder.status() << decoder.status();
  const int64_t said = estimate->weight_bytes + estimate->working_bytes;
  EXPECT_GE(counted.live(), said);
  EXPECT_LE(counted.live(), said + 63 * counted.buffers());
}

class Estimate : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Folder())) GTEST_SKIP() << "not in " << ERATO_TINY_DIR;
  }
  std::string Folder() const { return std::string(ERATO_TINY_DIR) + "/" + GetParam(); }
};

TEST_P(Estimate, IsWhatBindingTakes) {
  for (const char* device : {"ref", "cpu"}) {
    for (const Precision precision :
         {Precision::kAsStored, Precision::kFloat32, Precision::kBfloat16, Precision::kInt8}) {
      SCOPED_TRACE(testing::Message() << device << ", precision " << static_cast<int>(precision));
      BindOptions options;
      options.precision = precision;
      options.max_rows = 70;
      options.max_logit_rows = 3;
      Compare(Folder(), {.name = device, .threads = 3}, options);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Estimate,
                         testing::Values("llama", "llama-tied", "mistral", "qwen2", "qwen3",
                                         "gemma3", "gpt2", "distilbert", "electra", "bert-ner",
                                         "deberta-v3-classifier", "xlm-roberta-reranker",
                                         "nomic-bert", "gte", "modernbert", "mpnet", "eurobert"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(QuantisedEstimate, IsWhatBindingTakes) {
  const TempFolder temp;
  for (const Format format :
       {Format::kF16, Format::kBF16, Format::kQ8_0, Format::kQ4_0, Format::kQ4_1, Format::kQ5_0}) {
    SCOPED_TRACE(InfoOf(format).name);
    const std::string path = temp / (std::string(InfoOf(format).name) + ".gguf");
    ToGguf(std::string(ERATO_TINY_DIR) + "/llama",
           {.matrices = format, .without_key = {}, .tensor = {}})
        .WriteTo(path);
    for (const char* device : {"ref", "cpu"}) Compare(path, {.name = device}, {});
  }
}

TEST(BadEstimate, IsTheErrorOfBinding) {
  const TempFolder temp;
  ToGguf(std::string(ERATO_TINY_DIR) + "/llama", {.matrices = Format::kF32,
                                                  .without_key = {},
                                                  .tensor =
                                                      [](std::string& name, auto&, auto&) {
                                                        if (name == "blk.1.attn_q.weight")
                                                          name = "";
                                                      }})
      .WriteTo(temp / "torn.gguf");
  const auto files = ModelFiles::Open(temp / "torn.gguf", FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto backend = *NewBackend({});
  const auto estimate = EstimateMemory(**files, *backend, {}, Purpose::kByFile);
  EXPECT_EQ(estimate.status(), BindModel(**files, *backend, {}).status());
  EXPECT_EQ(estimate.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace erato::test
