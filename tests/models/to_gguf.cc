#include "tests/models/to_gguf.h"

#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/weights/model_files.h"
#include "gtest/gtest.h"
#include "tests/support/json.h"

namespace erato::test {
namespace {

const std::pair<const char*, const char*> kLlamaNames[] = {
    {"self_attn.q_proj", "attn_q"},          {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},          {"self_attn.o_proj", "attn_output"},
    {"self_attn.q_norm", "attn_q_norm"},     {"self_attn.k_norm", "attn_k_norm"},
    {"mlp.gate_proj", "ffn_gate"},           {"mlp.up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"},           {"input_layernorm", "attn_norm"},
    {"post_attention_layernorm", "ffn_norm"}};
const std::pair<const char*, const char*> kGemmaNorms[] = {
    {"post_attention_layernorm", "post_attention_norm"},
    {"pre_feedforward_layernorm", "ffn_norm"},
    {"post_feedforward_layernorm", "post_ffw_norm"}};
const std::pair<const char*, const char*> kGpt2Names[] = {
    {"ln_1", "attn_norm"}, {"attn.c_attn", "attn_qkv"}, {"attn.c_proj", "attn_output"},
    {"ln_2", "ffn_norm"},  {"mlp.c_fc", "ffn_up"},      {"mlp.c_proj", "ffn_down"}};
const std::pair<const char*, const char*> kOuterNames[] = {{"model.embed_tokens", "token_embd"},
                                                           {"model.norm", "output_norm"},
                                                           {"lm_head", "output"},
                                                           {"transformer.wte", "token_embd"},
                                                           {"transformer.wpe", "position_embd"},
                                                           {"transformer.ln_f", "output_norm"}};

struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

class Converter {
 public:
  Converter(const ModelFiles& files, const GgufEdits& edits)
      : files_(files), config_(Json::parse(WriteJson(*files.config()))), edits_(edits) {
    type_ = config_["model_type"];
    arch_ = type_ == "mistral" ? "llama" : type_ == "gemma3_text" ? "gemma3" : type_;
    heads_ = config_.value("num_attention_heads", config_.value("n_head", 0));
    kv_heads_ = config_.value("num_key_value_heads", heads_);
    width_ = config_.value("hidden_size", config_.value("n_embd", 0));
    head_width_ = config_.value("head_dim", width_ / heads_);
  }

  GgufWriter Convert() {
    AddKeys();
    for (const TensorEntry& entry : files_.tensors()) AddTensor(entry);
    return std::move(out_);
  }

 private:
  void U32(const std::string& key, int64_t value) {
    if (arch_ + key != edits_.without_key) out_.AddU32(arch_ + key, static_cast<uint32_t>(value));
  }
  void F32(const std::string& key, double value) {
    if (arch_ + key != edits_.without_key) out_.AddF32(arch_ + key, static_cast<float>(value));
  }

  void AddKeys() {
    if (edits_.without_key != "general.architecture") {
      out_.AddString("general.architecture", arch_);
    }
    out_.AddString("general.name", "tiny");
    U32(".block_count", config_.value("num_hidden_layers", config_.value("n_layer", 0)));
    U32(".embedding_length", width_);
    U32(".context_length",
        config_.value("max_position_embeddings", config_.value("n_positions", 0)));
    U32(".feed_forward_length", config_.value("intermediate_size", config_.value("n_inner", 0)));
    U32(".attention.head_count", heads_);
    if (arch_ == "gpt2") return F32(".attention.layer_norm_epsilon", config_["layer_norm_epsilon"]);
    U32(".attention.head_count_kv", kv_heads_);
    U32(".attention.key_length", head_width_);
    U32(".attention.value_length", head_width_);
    F32(".attention.layer_norm_rms_epsilon", config_["rms_norm_eps"]);
    if (config_.contains("sliding_window") && config_["sliding_window"].is_number()) {
      U32(".attention.sliding_window", config_["sliding_window"]);
    }
    if (arch_ == "llama") {
      U32(".vocab_size", config_["vocab_size"]);
      U32(".rope.dimension_count", head_width_);
    }
    const Json& rope = config_["rope_parameters"];
    AddRope(arch_ == "gemma3" ? rope["full_attention"] : rope);
    if (arch_ == "gemma3") AddGemmaKeys();
  }

  void AddGemmaKeys() {
    F32(".rope.freq_base_swa", config_["rope_parameters"]["sliding_attention"]["rope_theta"]);
    F32(".attention.scale", 1 / std::sqrt(config_["query_pre_attn_scalar"].get<double>()));
    std::vector<bool> sliding;
    for (const Json& type : config_["layer_types"]) sliding.push_back(type == "sliding_attention");
    out_.AddBools("gemma3.attention.sliding_window_pattern", sliding);
  }

  void AddRope(const Json& rope) {
    F32(".rope.freq_base", rope["rope_theta"]);
    const std::string type = rope["rope_type"];
    if (type == "default") return;
    if (type == "llama3") return AddDivisors(rope);
    out_.AddString(arch_ + ".rope.scaling.type", type);
    F32(".rope.scaling.factor", rope["factor"]);
    if (type == "yarn") {
      U32(".rope.scaling.original_context_length", rope["original_max_position_embeddings"]);
    }
  }

  // Llama 3.1's rule as converters apply it: 1 for short waves, the factor for long ones.
  void AddDivisors(const Json& rope) {
    std::vector<float> divisors;
    const double factor = rope["factor"], low = rope["low_freq_factor"],
                 high = rope["high_freq_factor"],
                 context = rope["original_max_position_embeddings"];
    for (int64_t i = 0; i < head_width_; i += 2) {
      const double frequency = std::pow(rope["rope_theta"].get<double>(),
                                        -static_cast<double>(i) / static_cast<double>(head_width_));
      const double wave = 2 * M_PI / frequency;
      double divisor = factor;
      if (wave < context / high) {
        divisor = 1;
      } else if (wave <= context / low) {
        const double smooth = (context / wave - low) / (high - low);
        divisor = 1 / ((1 - smooth) / factor + smooth);
      }
      divisors.push_back(static_cast<float>(divisor));
    }
    out_.AddTensor("rope_freqs.weight", Format::kF32, {head_width_ / 2}, divisors);
  }

  std::string Rename(const std::string& name) const {
    const size_t dot = name.rfind('.');
    const std::string stem = name.substr(0, dot), end = name.substr(dot);
    for (const auto& [from, to] : kOuterNames) {
      if (stem == from) return to + end;
    }
    const std::string prefix = arch_ == "gpt2" ? "transformer.h." : "model.layers.";
    EXPECT_EQ(stem.rfind(prefix, 0), 0u) << name;
    const size_t inner = stem.find('.', prefix.size());
    const std::string layer = "blk." + stem.substr(prefix.size(), inner - prefix.size()) + ".";
    const std::string rest = stem.substr(inner + 1);
    const auto find = [&](const auto& table) -> std::string {
      for (const auto& [from, to] : table) {
        if (rest == from) return layer + to + end;
      }
      return "";
    };
    if (arch_ == "gpt2") return find(kGpt2Names);
    if (arch_ == "gemma3" && !find(kGemmaNorms).empty()) return find(kGemmaNorms);
    return find(kLlamaNames);
  }

  static void Transpose(Tensor& t) {
    const int64_t rows = t.shape[0], cols = t.shape[1];
    std::vector<float> turned(t.values.size());
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < cols; ++c) turned[c * rows + r] = t.values[r * cols + c];
    }
    t = {{cols, rows}, turned};
  }

  /// Row (half j, pair p) of each head becomes row 2·p + j.
  static void Interleave(Tensor& t, int64_t heads) {
    const int64_t cols = t.shape.size() == 1 ? 1 : t.shape[1];
    const int64_t width = t.shape[0] / heads;
    std::vector<float> laid(t.values.size());
    for (int64_t r = 0; r < t.shape[0]; ++r) {
      const int64_t head = r / width, j = r % width / (width / 2), p = r % (width / 2);
      for (int64_t c = 0; c < cols; ++c) {
        laid[(head * width + 2 * p + j) * cols + c] = t.values[r * cols + c];
      }
    }
    t.values = laid;
  }

  void AddTensor(const TensorEntry& entry) {
    std::vector<uint8_t> room(entry.bytes);
    const auto bytes = files_.Read(entry, 0, room.size(), room.data());
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    Tensor t{entry.shape, std::vector<float>(entry.rows() * entry.cols())};
    InfoOf(entry.format).decode(*bytes, static_cast<int64_t>(t.values.size()), t.values.data());
    std::string name = Rename(entry.name);
    ASSERT_FALSE(name.empty()) << entry.name;
    if (arch_ == "gpt2" && name.rfind("blk.", 0) == 0 && t.shape.size() == 2) Transpose(t);
    if (arch_ == "llama" && name.find("attn_q.") != std::string::npos) Interleave(t, heads_);
    if (arch_ == "llama" && name.find("attn_k.") != std::string::npos) Interleave(t, kv_heads_);
    if (arch_ == "gemma3" && name.find("norm") != std::string::npos) {
      for (float& v : t.values) v += 1;
    }
    if (edits_.tensor) edits_.tensor(name, t.shape, t.values);
    if (name.empty()) return;
    const bool whole = t.shape.back() % InfoOf(edits_.matrices).block_values == 0;
    out_.AddTensor(name, t.shape.size() == 2 && whole ? edits_.matrices : Format::kF32, t.shape,
                   t.values);
  }

  const ModelFiles& files_;
  Json config_;
  const GgufEdits& edits_;
  std::string type_, arch_;
  int64_t heads_ = 0, kv_heads_ = 0, width_ = 0, head_width_ = 0;
  GgufWriter out_;
};

}  // namespace

GgufWriter ToGguf(const std::string& folder, const GgufEdits& edits) {
  const auto files = ModelFiles::Open(folder, FileAccess::kCopy);
  EXPECT_TRUE(files.ok()) << files.status();
  if (!files.ok()) return GgufWriter();
  return Converter(**files, edits).Convert();
}

}  // namespace erato::test
