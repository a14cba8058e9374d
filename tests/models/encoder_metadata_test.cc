// Metadata of encoders: what does not fit is a clear error, older spellings and GGUF mean the same,
// and what sentence-transformers says of vectors is heard.
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/encoder_engine.h"
#include "core/ref/ref.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/models/folder_copy.h"
#include "tests/models/load_status.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/golden.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

using testing::HasSubstr;

std::string Tiny(const std::string& name) { return std::string(ERATO_TEST_DATA) + "/tiny/" + name; }

absl::Status LoadWith(const char* name, const std::function<void(Json&)>& change) {
  const TempFolder temp;
  CopyFolder(Tiny(name), temp.path(), change);
  return LoadStatus(temp.path());
}

TEST(EncoderMetadata, NumbersOutOfBounds) {
  const std::vector<Json> values = {-2, INT64_MAX, INT64_MIN, 4294967296, 2.5, "8", true, "many"};
  const std::vector<std::pair<const char*, const char*>> keys = {
      {"bert-ner", "hidden_size"},
      {"bert-ner", "num_attention_heads"},
      {"bert-ner", "num_hidden_layers"},
      {"bert-ner", "intermediate_size"},
      {"bert-ner", "max_position_embeddings"},
      {"bert-ner", "type_vocab_size"},
      {"bert-ner", "vocab_size"},
      {"xlm-roberta-reranker", "pad_token_id"},
      {"electra", "embedding_size"},
      {"mpnet", "relative_attention_num_buckets"},
      {"deberta-v3-classifier", "position_buckets"},
      {"modernbert", "local_attention"},
      {"distilbert", "dim"},
      {"eurobert", "num_key_value_heads"}};
  for (const auto& [model, key] : keys) {
    for (const Json& value : values) {
      const absl::Status status = LoadWith(model, [&](Json& c) { c[key] = value; });
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
          << model << " " << key << " " << value << ": " << status;
    }
  }
}

TEST(EncoderMetadata, WhatIsNotKnownIsRefusedByName) {
  struct Case {
    const char *model, *key;
    Json value;
  };
  const Case cases[] = {
      {"bert-ner", "architectures", {"BertForQuestionAnswering"}},
      {"bert-ner", "architectures", "BertModel"},
      {"bert-ner", "position_embedding_type", "relative_key"},
      {"bert-ner", "is_decoder", true},
      {"bert-ner", "hidden_act", "tanhshrink"},
      {"bert-ner", "id2label", Json{{"0", "a"}, {"2", "b"}}},
      {"bert-ner", "id2label", Json::array({1})},
      {"nomic-bert", "architectures", {"NomicBertForSequenceClassification"}},
      {"modernbert", "classifier_pooling", "last"},
      {"eurobert", "classifier_pooling", "max"},
      {"deberta-v3-classifier", "share_att_key", false},
      {"deberta-v3-classifier", "relative_attention", false},
      {"deberta-v3-classifier", "position_biased_input", true},
      {"deberta-v3-classifier", "conv_kernel_size", 3},
      {"deberta-v3-classifier", "pos_att_type", {"c2p"}},
      {"deberta-v3-classifier", "norm_rel_ebd", "rms"},
      {"deberta-v3-classifier", "position_buckets", 2},
  };
  for (const Case& c : cases) {
    const absl::Status status = LoadWith(c.model, [&](Json& config) { config[c.key] = c.value; });
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.key << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.key));
  }
}

TEST(EncoderMetadata, LabelsAreThoseOfTheHead) {
  const auto files = ModelFiles::Open(Tiny("bert-ner"), FileAccess::kCopy);
  ASSERT_TRUE(files.ok());
  const auto summary = Summarise(**files);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->vectors && summary->labels_tokens);
  EXPECT_THAT(summary->labels,
              testing::ElementsAre("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"));
  // One more than the head has rows.
  const absl::Status more = LoadWith("bert-ner", [](Json& c) { c["id2label"]["5"] = "more"; });
  EXPECT_THAT(std::string(more.message()), HasSubstr("classifier.weight"));
}

TEST(EncoderMetadata, NoEncoderGenerates) {
  const auto backend = *NewRefBackend();
  const auto encoder = ModelFiles::Open(Tiny("gte"), FileAccess::kCopy);
  const absl::Status status = BindModel(**encoder, *backend, {}).status();
  EXPECT_TRUE(absl::IsUnimplemented(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("family gte"));
}

// ---- sentence-transformers ------------------------------------------------------------------

/// A folder of nomic-bert with these modules and this pooling.
absl::StatusOr<ModelSummary> SummaryWith(const Json& modules, const Json& pooling,
                                         const Json& text) {
  const TempFolder temp;
  CopyFolder(Tiny("nomic-bert"), temp.path(), [](Json&) {});
  WriteFile(temp / "modules.json", modules.dump());
  std::filesystem::create_directory(temp / "1_Pooling");
  WriteFile(temp / "1_Pooling/config.json", pooling.dump());
  if (!text.is_null()) WriteFile(temp / "sentence_bert_config.json", text.dump());
  const auto files = ModelFiles::Open(temp.path(), FileAccess::kCopy);
  EXPECT_TRUE(files.ok()) << files.status();
  return Summarise(**files);
}

Json Module(const char* type, const char* path) {
  return {{"type", std::string("sentence_transformers.models.") + type}, {"path", path}};
}

TEST(EncoderMetadata, PoolingAsDeclared) {
  const Json modules = {Module("Transformer", ""), Module("Pooling", "1_Pooling")};
  const std::vector<std::pair<Json, Pooling>> cases = {
      {{{"pooling_mode_cls_token", true}, {"pooling_mode_mean_tokens", false}}, Pooling::kFirst},
      {{{"pooling_mode_mean_tokens", true}}, Pooling::kMean},
      {{{"pooling_mode_max_tokens", true}}, Pooling::kMax},
      {{{"pooling_mode_lasttoken", true}}, Pooling::kLast},
      {{{"pooling_mode", "cls"}}, Pooling::kFirst}};
  for (const auto& [pooling, expected] : cases) {
    const auto summary = SummaryWith(modules, pooling, {{"max_seq_length", 77}});
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->pooling, expected) << pooling;
    EXPECT_FALSE(summary->normalised);
    EXPECT_EQ(summary->max_tokens, 77);
  }
  Json normalised = modules;
  normalised.push_back(Module("Normalize", "2_Normalize"));
  const auto summary = SummaryWith(normalised, {{"pooling_mode", "mean"}}, nullptr);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->normalised);
  EXPECT_EQ(summary->max_tokens, 128);
}

TEST(EncoderMetadata, WrongModules) {
  const Json mean = {{"pooling_mode", "mean"}};
  const Json one = {Module("Pooling", "1_Pooling")};
  const std::vector<std::tuple<Json, Json, Json>> cases = {
      {Json::object(), mean, nullptr},
      {{Module("Dense", "2_Dense")}, mean, nullptr},
      {{Module("Pooling", "../1_Pooling")}, mean, nullptr},
      {{{{"type", 3}}}, mean, nullptr},
      {one, {{"pooling_mode", "weighted"}}, nullptr},
      {one, Json::object(), nullptr},
      {one, Json::array(), nullptr},
      {one, {{"pooling_mode_cls_token", true}, {"pooling_mode_max_tokens", true}}, nullptr},
      {one, mean, {{"max_seq_length", -1}}}};
  for (const auto& [modules, pooling, text] : cases) {
    const auto summary = SummaryWith(modules, pooling, text);
    EXPECT_TRUE(absl::IsInvalidArgument(summary.status())) << modules << pooling;
  }
}

// ---- The same model told otherwise ----------------------------------------------------------

/// A vector a token of the golden's first sequence, against the golden.
void ExpectGolden(const std::string& path, const std::string& name) {
  const auto files = ModelFiles::Open(path, FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto backend = *NewRefBackend();
  const auto model = BindEncoder(**files, *backend, {});
  ASSERT_TRUE(model.ok()) << model.status();
  EncoderEngine engine(model->get(), backend.get());
  const auto golden = ReadArrays(Tiny(name) + "/golden.safetensors");
  const auto& all = golden.at("input_ids").integers;
  const std::vector<int32_t> ids(all.begin(), all.begin() + 24);
  std::vector<float> out(ids.size() * (*model)->width());
  const std::vector<EncoderInput> inputs = {{ids}};
  ASSERT_TRUE(
      engine.Embed(inputs, {.pooling = Pooling::kNone, .normalise = false}, {}, out.data()).ok());
  for (size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out[i], golden.at("hidden").floats[i], 1e-4) << i;
  }
}

TEST(EncoderMetadata, OlderSpellingsMeanTheSame) {
  const TempFolder nomic, modern;
  CopyFolder(Tiny("nomic-bert"), nomic.path(), [](Json& c) {
    const auto rename = [&](const char* from, const char* to) {
      c[to] = c[from];
      c.erase(from);
    };
    rename("num_hidden_layers", "n_layer");
    rename("hidden_size", "n_embd");
    rename("max_position_embeddings", "n_positions");
    rename("num_attention_heads", "n_head");
    rename("intermediate_size", "n_inner");
    rename("layer_norm_eps", "layer_norm_epsilon");
    c["rotary_emb_base"] = c["rope_parameters"]["rope_theta"];
    c["activation_function"] = "swiglu";
    for (const char* gone : {"rope_parameters", "hidden_act", "head_dim"}) c.erase(gone);
  });
  ExpectGolden(nomic.path(), "nomic-bert");
  CopyFolder(Tiny("modernbert"), modern.path(), [](Json& c) {
    c["global_rope_theta"] = 160000.0;
    c["local_rope_theta"] = 10000.0;
    c.erase("rope_parameters");
    c.erase("layer_types");
  });
  ExpectGolden(modern.path(), "modernbert");
}

/// GGUF's names for the tensors of a Hugging Face file.
std::string GgufName(std::string name, const std::vector<std::pair<const char*, const char*>>& to) {
  for (const auto& [from, with] : to) {
    const size_t at = name.find(from);
    if (at != std::string::npos) name.replace(at, std::string(from).size(), with);
  }
  return name;
}

/// `unused_positions`: first rows of the table of positions that a converter leaves out.
void WriteGguf(const std::string& folder, GgufWriter writer,
               const std::vector<std::pair<const char*, const char*>>& names,
               const std::string& path, int64_t unused_positions = 0) {
  const auto files = ModelFiles::Open(folder, FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  for (const TensorEntry& entry : (*files)->tensors()) {
    std::vector<uint8_t> room(entry.bytes);
    const auto bytes = (*files)->Read(entry, 0, room.size(), room.data());
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    std::vector<float> values(entry.rows() * entry.cols());
    InfoOf(entry.format).decode(*bytes, static_cast<int64_t>(values.size()), values.data());
    const std::string name = GgufName(entry.name, names);
    std::vector<int64_t> shape = entry.shape;
    if (name == "position_embd.weight") {
      shape[0] -= unused_positions;
      values.erase(values.begin(), values.begin() + unused_positions * shape[1]);
    }
    writer.AddTensor(name, Format::kF32, shape, values);
  }
  writer.WriteTo(path);
}

GgufWriter Header(const std::string& arch, int pooling, uint32_t context = 128) {
  GgufWriter writer;
  writer.AddString("general.architecture", arch)
      .AddU32(arch + ".block_count", 4)
      .AddU32(arch + ".embedding_length", 64)
      .AddU32(arch + ".context_length", context)
      .AddU32(arch + ".feed_forward_length", 96)
      .AddU32(arch + ".attention.head_count", 4)
      .AddF32(arch + ".attention.layer_norm_epsilon", 1e-12f)
      .AddU32(arch + ".pooling_type", static_cast<uint32_t>(pooling));
  return writer;
}

const std::vector<std::pair<const char*, const char*>> kDistilBertNames = {
    {"transformer.layer.", "blk."},
    {"embeddings.word_embeddings", "token_embd"},
    {"embeddings.position_embeddings", "position_embd"},
    {"embeddings.LayerNorm", "token_embd_norm"},
    {"attention.q_lin", "attn_q"},
    {"attention.k_lin", "attn_k"},
    {"attention.v_lin", "attn_v"},
    {"attention.out_lin", "attn_output"},
    {"sa_layer_norm", "attn_output_norm"},
    {"output_layer_norm", "layer_output_norm"},
    {"ffn.lin1", "ffn_up"},
    {"ffn.lin2", "ffn_down"}};

TEST(EncoderMetadata, GgufMeansTheSame) {
  const TempFolder temp;
  WriteGguf(Tiny("nomic-bert"), Header("nomic-bert", 1).AddF32("nomic-bert.rope.freq_base", 1000),
            {{"encoder.layers.", "blk."},
             {"embeddings.word_embeddings", "token_embd"},
             {"embeddings.token_type_embeddings", "token_types"},
             {"emb_ln", "token_embd_norm"},
             {"attn.Wqkv", "attn_qkv"},
             {"attn.out_proj", "attn_output"},
             {"norm1", "attn_output_norm"},
             {"norm2", "layer_output_norm"},
             {"mlp.fc11", "ffn_up"},
             {"mlp.fc12", "ffn_gate"},
             {"mlp.fc2", "ffn_down"}},
            temp / "nomic.gguf");
  ExpectGolden(temp / "nomic.gguf", "nomic-bert");
  WriteGguf(Tiny("distilbert"), Header("bert", 2).AddU32("tokenizer.ggml.token_type_count", 0),
            kDistilBertNames, temp / "bert.gguf");
  ExpectGolden(temp / "bert.gguf", "distilbert");
  const auto files = ModelFiles::Open(temp / "bert.gguf", FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ(Summarise(**files)->pooling, Pooling::kFirst);
}

/// Names of a head that ranks, as llama.cpp's converter has them.
const std::vector<std::pair<const char*, const char*>> kRobertaNames = {
    {"roberta.encoder.layer.", "blk."},
    {"roberta.embeddings.word_embeddings", "token_embd"},
    {"roberta.embeddings.position_embeddings", "position_embd"},
    {"roberta.embeddings.token_type_embeddings", "token_types"},
    {"roberta.embeddings.LayerNorm", "token_embd_norm"},
    {"attention.self.query", "attn_q"},
    {"attention.self.key", "attn_k"},
    {"attention.self.value", "attn_v"},
    {"attention.output.dense", "attn_output"},
    {"attention.output.LayerNorm", "attn_output_norm"},
    {"intermediate.dense", "ffn_up"},
    {"output.dense", "ffn_down"},
    {"output.LayerNorm", "layer_output_norm"},
    {"classifier.dense", "cls"},
    {"classifier.out_proj", "cls.output"}};

TEST(EncoderMetadata, GgufThatRanks) {
  constexpr char kName[] = "xlm-roberta-reranker";
  const TempFolder temp;
  // The first rows of its positions belong to padding.
  WriteGguf(Tiny(kName), Header("bert", 4, 126).AddU32("tokenizer.ggml.token_type_count", 2),
            kRobertaNames, temp / "rank.gguf", 2);
  const auto files = ModelFiles::Open(temp / "rank.gguf", FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  const auto backend = *NewRefBackend();
  const auto model = BindEncoder(**files, *backend, {});
  ASSERT_TRUE(model.ok()) << model.status();
  EncoderEngine engine(model->get(), backend.get());
  const auto golden = ReadArrays(Tiny(kName) + "/golden.safetensors");
  const auto& all = golden.at("input_ids").integers;
  const std::vector<int32_t> ids(all.begin(), all.begin() + golden.at("lengths").integers[0]);
  const std::vector<EncoderInput> inputs = {{ids}};
  float score = 0;
  const absl::Status labelled = engine.Label(inputs, {}, &score);
  ASSERT_TRUE(labelled.ok()) << labelled;
  EXPECT_NEAR(score, golden.at("logits").floats[0], 1e-4);
}

// Ranking is declared, but there is nothing to rank by.
TEST(EncoderMetadata, GgufThatRanksWithoutHead) {
  const TempFolder temp;
  WriteGguf(Tiny("distilbert"), Header("bert", 4).AddU32("tokenizer.ggml.token_type_count", 0),
            kDistilBertNames, temp / "bert.gguf");
  const auto files = ModelFiles::Open(temp / "bert.gguf", FileAccess::kCopy);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_THAT(std::string(Summarise(**files).status().message()),
              HasSubstr("bert.pooling_type, got 4, expected a head of tensors cls"));
}

}  // namespace
}  // namespace erato::test
