#include "models/encoder_keys.h"

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

constexpr int64_t kMaxSegments = 1024;

/// The GGUF names that differ from a decoder's: norms follow the additions.
EncoderNames GgufEncoderNames() {
  EncoderNames n;
  static_cast<TensorNames&>(n) = {};
  n.embed = "token_embd";
  n.positions = "position_embd";
  n.segments = "token_types";
  n.embed_norm = "token_embd_norm";
  n.layer = "blk.#.";
  n.q = "attn_q";
  n.k = "attn_k";
  n.v = "attn_v";
  n.out = "attn_output";
  n.attention_norm = "attn_output_norm";
  n.gate = "ffn_gate";
  n.up = "ffn_up";
  n.down = "ffn_down";
  n.feed_forward_norm = "layer_output_norm";
  return n;
}

}  // namespace

DecoderKeys BertKeys() {
  DecoderKeys names;
  names.kv_heads.key = {".attention.head_count_kv", ""};
  names.head_width.key = {".attention.key_length", ""};
  names.eps = {".attention.layer_norm_epsilon", "layer_norm_eps"};
  names.eps_otherwise = 1e-12;
  return names;
}

EncoderNames BertNames(const Keys& keys, std::string_view root) {
  if (keys.is_gguf()) return GgufEncoderNames();
  EncoderNames n;
  n.roots = {Concat(root, "."), ""};
  n.embed = "embeddings.word_embeddings";
  n.positions = "embeddings.position_embeddings";
  n.segments = "embeddings.token_type_embeddings";
  n.embed_norm = "embeddings.LayerNorm";
  n.embed_project = "embeddings_project";
  n.layer = "encoder.layer.#.";
  n.q = "attention.self.query";
  n.k = "attention.self.key";
  n.v = "attention.self.value";
  n.out = "attention.output.dense";
  n.attention_norm = "attention.output.LayerNorm";
  n.up = "intermediate.dense";
  n.down = "output.dense";
  n.feed_forward_norm = "output.LayerNorm";
  n.unused = {"embeddings.position_ids"};
  return n;
}

absl::StatusOr<EncoderSpec> ReadEncoder(const Keys& keys, const DecoderKeys& names,
                                        std::string_view act_key) {
  ERATO_ASSIGN_OR_RETURN(const DecoderSpec sizes, ReadDecoder(keys, names));
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, act_key, Activate::kGelu));
  ERATO_RETURN_IF_ERROR(RefuseFlags(keys, {"add_cross_attention", "is_decoder"}));
  EncoderSpec spec;
  spec.vocabulary = sizes.vocabulary;
  spec.width = spec.embed.width = sizes.width;
  spec.context_length = sizes.context_length;
  spec.norm = sizes.norm;
  spec.norm.kind = Norm::Kind::kLayer;
  spec.layers = sizes.layers;
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.rope = -1;
    layer.token_mixer.qkv_bias = layer.token_mixer.out_bias = true;
    layer.channel_mixer = {layer.channel_mixer.width, act, /*gated=*/false, /*bias=*/true};
  }
  return spec;
}

absl::Status ReadTables(const Keys& keys, bool positions, int32_t offset, EncoderSpec& spec) {
  ERATO_ASSIGN_OR_RETURN(const std::string kind,
                         keys.String({"", "position_embedding_type"}, "absolute"));
  if (positions && kind != "absolute") {
    return keys.Error({"", "position_embedding_type"}, kind, "absolute");
  }
  // Not every GGUF file says: its architecture has two kinds of segment.
  const Key segments = {"tokenizer.ggml.token_type_count", "type_vocab_size"};
  ERATO_ASSIGN_OR_RETURN(const int64_t kinds, keys.Int(segments, 0, kMaxSegments, 2));
  spec.embed.segments = static_cast<int32_t>(kinds);
  if (!positions) return absl::OkStatus();
  if (spec.context_length <= offset) {
    return keys.Error({".context_length", "max_position_embeddings"}, spec.context_length,
                      Concat("more than ", offset));
  }
  spec.embed.position_rows = spec.context_length;
  spec.embed.first_position = offset;
  spec.context_length -= offset;
  return absl::OkStatus();
}

LabelHeads HeadsOf(DenseSpec dense, std::string_view labels) {
  LabelHeads heads;
  heads.sequence = {std::move(dense), {.name = std::string(labels)}};
  heads.token = {{.name = "classifier"}};
  return heads;
}

absl::Status RefuseFlags(const Keys& keys, const std::vector<const char*>& names) {
  for (const char* name : names) {
    ERATO_ASSIGN_OR_RETURN(const bool on, keys.Bool({"", name}, false));
    if (on) return keys.Error({"", name}, on, "false");
  }
  return absl::OkStatus();
}

}  // namespace erato
