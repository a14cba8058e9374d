#include "tests/capi/tiny_encoder.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include "tests/support/safetensors_writer.h"

namespace erato::test {
namespace {

constexpr int64_t kWidth = 8, kHidden = 4, kPositions = 16;

const char* const kWords[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good",
                              "bad",   "anna",  "bob",   "##by",  "paris",  "the",
                              "in",    "is",    ",",     "poison"};
constexpr int64_t kVocabulary = std::size(kWords);

/// Which of four directions a word has, and how far.
std::vector<float> Direction(int pair, float length) {
  std::vector<float> row(kWidth, 0);
  row[static_cast<size_t>(2 * pair)] = length;
  row[static_cast<size_t>(2 * pair) + 1] = -length;
  return row;
}

std::vector<float> EmbeddingOf(int64_t id) {
  const std::string word = kWords[id];
  if (word == "good") return Direction(0, 1);
  if (word == "bad") return Direction(0, -1);
  if (word == "anna" || word == "bob") return Direction(1, 1);
  if (word == "##by") return Direction(1, -1);
  if (word == "paris") return Direction(2, 1);
  if (word == "poison") {
    return std::vector<float>(kWidth, std::numeric_limits<float>::quiet_NaN());
  }
  return Direction(3, 1);
}

class Tensors {
 public:
  explicit Tensors(SafetensorsWriter& writer) : writer_(writer) {}
  void Linear(const std::string& name, int64_t rows, int64_t cols, float diagonal) {
    std::vector<float> values(static_cast<size_t>(rows * cols), 0);
    for (int64_t i = 0; i < std::min(rows, cols); ++i) {
      values[static_cast<size_t>(i * cols + i)] = diagonal;
    }
    Linear(name, rows, cols, values);
  }
  void Linear(const std::string& name, int64_t rows, int64_t cols,
              const std::vector<float>& values) {
    writer_.AddF32(name + ".weight", {rows, cols}, values);
    writer_.AddF32(name + ".bias", {rows}, std::vector<float>(static_cast<size_t>(rows), 0));
  }
  void Table(const std::string& name, int64_t rows, const std::vector<float>& values) {
    writer_.AddF32(name + ".weight", {rows, kWidth}, values);
  }
  void Norm(const std::string& name) {
    writer_.AddF32(name + ".weight", {kWidth}, std::vector<float>(kWidth, 1));
    writer_.AddF32(name + ".bias", {kWidth}, std::vector<float>(kWidth, 0));
  }

 private:
  SafetensorsWriter& writer_;
};

void AddBody(Tensors& tensors) {
  std::vector<float> words, segments(2 * kWidth, 0);
  for (int64_t id = 0; id < kVocabulary; ++id) {
    const std::vector<float> row = EmbeddingOf(id);
    words.insert(words.end(), row.begin(), row.end());
  }
  segments[kWidth] = 0.5f;  // the second text leans towards "good"
  segments[kWidth + 1] = -0.5f;
  tensors.Table("embeddings.word_embeddings", kVocabulary, words);
  tensors.Table("embeddings.position_embeddings", kPositions,
                std::vector<float>(kPositions * kWidth, 0));
  tensors.Table("embeddings.token_type_embeddings", 2, segments);
  tensors.Norm("embeddings.LayerNorm");
  const std::string layer = "encoder.layer.0.";
  tensors.Linear(layer + "attention.self.query", kWidth, kWidth, 0);
  tensors.Linear(layer + "attention.self.key", kWidth, kWidth, 0);
  tensors.Linear(layer + "attention.self.value", kWidth, kWidth, 1);
  tensors.Linear(layer + "attention.output.dense", kWidth, kWidth, 1);
  tensors.Norm(layer + "attention.output.LayerNorm");
  tensors.Linear(layer + "intermediate.dense", kHidden, kWidth, 0);
  tensors.Linear(layer + "output.dense", kWidth, kHidden, 0);
  tensors.Norm(layer + "output.LayerNorm");
}

/// Rows of a head: how much each label wants of each direction.
std::vector<float> Head(const std::vector<std::vector<float>>& labels) {
  std::vector<float> values;
  for (const std::vector<float>& wants : labels) {
    for (const float want : wants) values.insert(values.end(), {want, -want});
  }
  return values;
}

void AddHead(TinyEncoder kind, Tensors& tensors) {
  if (kind == TinyEncoder::kEmbedder) return;
  if (kind == TinyEncoder::kTagger) {
    tensors.Linear("classifier", 4, kWidth,
                   Head({{0, 0, 0, 4}, {0, 4, 0, 0}, {0, -4, 0, 0}, {0, 0, 4, 0}}));
    return;
  }
  tensors.Linear("pooler.dense", kWidth, kWidth, 1);
  if (kind == TinyEncoder::kReranker) {
    tensors.Linear("classifier", 1, kWidth, Head({{2, 0, 0, 0}}));
  } else {
    tensors.Linear("classifier", 3, kWidth, Head({{-4, 0, 0, 0}, {0, 0, 0, 0.1f}, {4, 0, 0, 0}}));
  }
}

void Write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string HeadConfig(TinyEncoder kind) {
  switch (kind) {
    case TinyEncoder::kEmbedder:
      return R"("architectures": ["BertModel"])";
    case TinyEncoder::kClassifier:
      return R"("architectures": ["BertForSequenceClassification"],
                "id2label": {"0": "negative", "1": "neutral", "2": "positive"})";
    case TinyEncoder::kReranker:
      return R"("architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"})";
    case TinyEncoder::kTagger:
      return R"("architectures": ["BertForTokenClassification"],
                "id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC"})";
  }
  return "";
}

}  // namespace

void WriteTinyEncoder(TinyEncoder kind, const std::string& folder) {
  const std::filesystem::path root = folder;
  SafetensorsWriter writer;
  Tensors tensors(writer);
  AddBody(tensors);
  AddHead(kind, tensors);
  writer.WriteTo((root / "model.safetensors").string());
  Write(root / "config.json", R"({"model_type": "bert", "vocab_size": )" +
                                  std::to_string(kVocabulary) + R"(, "hidden_size": 8,
        "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 4,
        "max_position_embeddings": 16, "type_vocab_size": 2, "hidden_act": "gelu", )" +
                                  HeadConfig(kind) + "}");
  std::string vocabulary;
  for (const char* word : kWords) vocabulary += std::string(word) + "\n";
  Write(root / "vocab.txt", vocabulary);
  Write(root / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  if (kind != TinyEncoder::kEmbedder) return;
  Write(root / "modules.json", R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
        {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"},
        {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"}])");
  Write(root / "1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
  Write(root / "sentence_bert_config.json", R"({"max_seq_length": 12})");
  Write(root / "config_sentence_transformers.json",
        R"({"prompts": {"query": "good ", "document": ""}})");
}

}  // namespace erato::test
