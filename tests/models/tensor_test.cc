// GGUF metadata and tensors that do not fit, what a summary says, and loads that are stopped
// half-way.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/models/load_status.h"
#include "tests/models/runner.h"
#include "tests/models/to_gguf.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Tiny(const char* name) { return std::string(ERATO_TEST_DATA) + "/tiny/" + name; }

absl::Status LoadStatus(const GgufWriter& writer) {
  const TempFolder temp;
  writer.WriteTo(temp / "tiny.gguf");
  return erato::test::LoadStatus(temp / "tiny.gguf");
}

/// Every number that GGUF carries for a family; each is written with each wrong value and type.
struct Numbers {
  const char* model;
  const char* architecture;
  std::vector<std::string> integers, floats;
};
const Numbers kNumbers[] = {
    {"llama-rope-yarn",
     "llama",
     {".block_count", ".embedding_length", ".context_length", ".feed_forward_length",
      ".attention.head_count", ".attention.head_count_kv", ".attention.key_length",
      ".attention.value_length", ".vocab_size", ".rope.dimension_count"},
     {".rope.scaling.original_context_length", ".attention.layer_norm_rms_epsilon",
      ".rope.freq_base", ".rope.scaling.factor"}},
    {"gemma3",
     "gemma3",
     {".block_count", ".embedding_length", ".attention.sliding_window"},
     {".attention.scale", ".rope.freq_base", ".rope.freq_base_swa", ".rope.scaling.factor"}},
    {"gpt2",
     "gpt2",
     {".block_count", ".embedding_length", ".context_length", ".feed_forward_length",
      ".attention.head_count"},
     {".attention.layer_norm_epsilon"}},
};

void ExpectRefused(const absl::Status& status, const std::string& key) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << key << ": " << status;
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("[gguf metadata]"), HasSubstr(key),
                                                   HasSubstr(", got "), HasSubstr(", expected ")));
}

TEST(GgufMetadata, IntegersOutOfBounds) {
  for (const Numbers& numbers : kNumbers) {
    for (const std::string& name : numbers.integers) {
      const std::string key = numbers.architecture + name;
      GgufEdits edits;
      edits.without_key = key;
      const std::string folder = Tiny(numbers.model);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddU32(key, 0)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddI32(key, -1)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddU32(key, UINT32_MAX)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddU64(key, UINT64_MAX)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddI64(key, INT64_MIN)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddF32(key, 1.5f)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddString(key, "4")), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddU32s(key, {4, 4, 4, 4})), key);
    }
  }
}

TEST(GgufMetadata, NumbersOutOfBounds) {
  for (const Numbers& numbers : kNumbers) {
    for (const std::string& name : numbers.floats) {
      const std::string key = numbers.architecture + name;
      GgufEdits edits;
      edits.without_key = key;
      const std::string folder = Tiny(numbers.model);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddF32(key, -1)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddF32(key, NAN)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddF32(key, INFINITY)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddBool(key, true)), key);
      ExpectRefused(LoadStatus(ToGguf(folder, edits).AddString(key, "1")), key);
    }
  }
}

TEST(GgufMetadata, AbsentKeysThatHaveNoDefault) {
  for (const char* key : {"llama.block_count", "llama.embedding_length", "llama.context_length",
                          "llama.feed_forward_length", "llama.attention.head_count"}) {
    GgufEdits edits;
    edits.without_key = key;
    ExpectRefused(LoadStatus(ToGguf(Tiny("llama"), edits)), key);
  }
}

TEST(GgufMetadata, Families) {
  GgufEdits edits;
  edits.without_key = "general.architecture";
  ExpectRefused(LoadStatus(ToGguf(Tiny("llama"), edits)), "general.architecture, got nothing");
  const auto unknown = ToGguf(Tiny("llama"), edits).AddString("general.architecture", "mamba9");
  const absl::Status unimplemented = LoadStatus(unknown);
  EXPECT_EQ(unimplemented.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(std::string(unimplemented.message()),
              HasSubstr("general.architecture, got \"mamba9\", expected one of llama"));
  const auto number = ToGguf(Tiny("llama"), edits).AddU32("general.architecture", 1);
  ExpectRefused(LoadStatus(number), "general.architecture");
  ExpectRefused(LoadStatus(ToGguf(Tiny("llama")).AddU32("llama.expert_count", 8)),
                "llama.expert_count, got 8");
  ExpectRefused(LoadStatus(ToGguf(Tiny("llama")).AddString("llama.rope.scaling.type", "longrope")),
                "llama.rope.scaling.type, got \"longrope\"");
  ExpectRefused(LoadStatus(ToGguf(Tiny("llama")).AddStrings("tokenizer.ggml.tokens", {"a", "b"})),
                "tokenizer.ggml.tokens, got 2, expected a vocabulary of 160");
}

/// What the loader says where `edit` is made to one tensor of the tiny llama.
absl::Status LoadEdited(
    const std::string& tensor,
    const std::function<void(std::string&, std::vector<int64_t>&, std::vector<float>&)>& edit) {
  GgufEdits edits;
  edits.tensor = [&](std::string& name, std::vector<int64_t>& shape, std::vector<float>& values) {
    if (name == tensor) edit(name, shape, values);
  };
  return LoadStatus(ToGguf(Tiny("llama"), edits));
}

TEST(Tensors, MissingMisshapenAndLeftOver) {
  for (const char* tensor :
       {"token_embd.weight", "output_norm.weight", "blk.0.attn_q.weight", "blk.3.attn_k.weight",
        "blk.1.attn_v.weight", "blk.2.attn_output.weight", "blk.0.attn_norm.weight",
        "blk.0.ffn_norm.weight", "blk.0.ffn_gate.weight", "blk.3.ffn_up.weight",
        "blk.0.ffn_down.weight"}) {
    const absl::Status missing =
        LoadEdited(tensor, [](std::string& name, auto&, auto&) { name.clear(); });
    EXPECT_FALSE(missing.ok()) << tensor;
    EXPECT_THAT(std::string(missing.message()), HasSubstr(absl::StrCat(tensor, ", got nothing")));
    const absl::Status longer = LoadEdited(tensor, [](auto&, auto& shape, auto& values) {
      values.resize(values.size() / shape[0] * (shape[0] + 1));
      shape[0] += 1;
    });
    EXPECT_EQ(longer.code(), absl::StatusCode::kInvalidArgument) << tensor << longer;
    EXPECT_THAT(std::string(longer.message()),
                AllOf(HasSubstr(tensor), HasSubstr(", got ["), HasSubstr(", expected [")))
        << tensor;
    const absl::Status deeper =
        LoadEdited(tensor, [](auto&, auto& shape, auto&) { shape.insert(shape.begin(), 1); });
    EXPECT_EQ(deeper.code(), absl::StatusCode::kInvalidArgument) << tensor << deeper;
  }
  GgufWriter extra = ToGguf(Tiny("llama"));
  extra.AddTensor("blk.0.attn_sinks.weight", Format::kF32, {4}, {0, 0, 0, 0});
  EXPECT_THAT(std::string(LoadStatus(extra).message()),
              HasSubstr("blk.0.attn_sinks.weight, got a tensor that the family llama does not"));
}

// GGUF does not say that there are biases: layer 0 answers for all, and then all must have them.
TEST(Tensors, BiasesInSomeLayersOnly) {
  GgufEdits edits;
  edits.tensor = [](std::string& name, auto&, auto&) {
    if (name == "blk.2.attn_q.bias") name.clear();
  };
  const absl::Status some = LoadStatus(ToGguf(Tiny("llama-bias-headdim"), edits));
  EXPECT_THAT(std::string(some.message()), HasSubstr("blk.2.attn_q.bias, got nothing"));
}

TEST(Tensors, BadDivisorsOfRope) {
  for (const std::vector<float>& divisors :
       {std::vector<float>(7, 1.0f), std::vector<float>(8, 0.0f), std::vector<float>(8, NAN)}) {
    GgufWriter writer = ToGguf(Tiny("llama"));
    writer.AddTensor("rope_freqs.weight", Format::kF32, {static_cast<int64_t>(divisors.size())},
                     divisors);
    EXPECT_THAT(std::string(LoadStatus(writer).message()), HasSubstr("rope_freqs.weight, got "));
  }
}

TEST(Summary, SaysWhatTheFileIs) {
  const TempFolder temp;
  GgufEdits edits;
  edits.matrices = Format::kQ8_0;
  ToGguf(Tiny("qwen3"), edits).WriteTo(temp / "tiny.gguf");
  const auto files = ModelFiles::Open(temp / "tiny.gguf", FileAccess::kMap);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto summary = Summarise(**files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->family, "qwen3");
  EXPECT_EQ(summary->name, "tiny");
  EXPECT_EQ(summary->weight_format, "q8_0");
  EXPECT_EQ(summary->layers, 4);
  EXPECT_EQ(summary->width, 64);
  EXPECT_EQ(summary->heads, 4);
  EXPECT_EQ(summary->kv_heads, 2);
  EXPECT_EQ(summary->head_width, 32);
  EXPECT_EQ(summary->vocabulary, 160);
  EXPECT_EQ(summary->context_length, 256);
  // Four layers of 2 heads of 32 for keys and for values, 2 bytes each.
  EXPECT_EQ(summary->kv_bytes_per_token, 4 * 2 * 32 * 2 * 2);
  // Embedding and head, then a layer's matrices and norms, then the last norm.
  const int64_t layer = 64 * 128 * 2 + 64 * 64 * 2 + 3 * 64 * 96 + 2 * 64 + 2 * 32;
  EXPECT_EQ(summary->parameters, 2 * 160 * 64 + 4 * layer + 64);
  EXPECT_GT(summary->weight_bytes, summary->parameters);
  EXPECT_LT(summary->weight_bytes, summary->parameters * 5 / 4);
}

TEST(Loading, ReportsProgressAndStopsWhenTold) {
  const auto files = ModelFiles::Open(Tiny("llama"), FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto backend = *NewRefBackend();
  std::vector<double> shares;
  BindOptions options;
  options.progress = [&](double share) {
    shares.push_back(share);
    return absl::OkStatus();
  };
  ASSERT_TRUE(BindModel(**files, *backend, options).ok());
  ASSERT_GT(shares.size(), 30u);
  EXPECT_EQ(shares.front(), 0);
  EXPECT_EQ(shares.back(), 1);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  for (size_t stop = 0; stop < shares.size(); stop += 5) {
    size_t calls = 0;
    options.progress = [&](double) {
      return calls++ == stop ? absl::CancelledError("enough") : absl::OkStatus();
    };
    EXPECT_EQ(BindModel(**files, *backend, options).status(), absl::CancelledError("enough"));
  }
}

TEST(Loading, RowsOfAStepAreBounded) {
  const auto files = ModelFiles::Open(Tiny("llama"), FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto backend = *NewRefBackend();
  for (int32_t rows : {0, -1, INT32_MAX}) {
    BindOptions options;
    options.max_rows = rows;
    EXPECT_EQ(BindModel(**files, *backend, options).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  BindOptions options;
  options.max_rows = 5;
  options.max_context = 17;
  const auto model = BindModel(**files, *backend, options);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ((*model)->max_rows(), 5);
  EXPECT_EQ((*model)->max_logit_rows(), 5);
  EXPECT_EQ((*model)->context_length(), 17);
  EXPECT_EQ((*model)->vocabulary(), 160);
  EXPECT_EQ((*model)->kv_layers().size(), 4u);
}

}  // namespace
}  // namespace erato::test
