// Post-norm encoders with rotary positions in place of learned ones: Nomic Embed (Nussbaum et al.
// 2024) with SwiGLU and no biases, GTE (Zhang et al. 2024) with GeGLU, Jina Embeddings v3 (Sturua
// et al. 2024) with plain feed-forwards.
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"

namespace erato {
namespace {

/// Nomic's own spellings, from before it came to transformers.
DecoderKeys OldNomicKeys() {
  DecoderKeys names = BertKeys();
  names.layers.key.config = "n_layer";
  names.width.key.config = "n_embd";
  names.context.key.config = "n_positions";
  names.heads.key.config = "n_head";
  names.feed_forward.key.config = "n_inner";
  names.eps.config = "layer_norm_epsilon";
  return names;
}

absl::Status CheckOldNomic(const Keys& keys, RopeSpec& rope) {
  ERATO_RETURN_IF_ERROR(
      RefuseFlags(keys, {"prenorm", "qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias",
                         "rotary_emb_interleaved", "parallel_block", "use_rms_norm"}));
  const Key act = {"", "activation_function"};
  ERATO_ASSIGN_OR_RETURN(const std::string name, keys.String(act, "swiglu"));
  if (name != "swiglu") return keys.Error(act, name, "swiglu");
  ERATO_RETURN_IF_ERROR(keys.Float({"", "rotary_emb_fraction"}, 1, 1, 1).status());
  ERATO_ASSIGN_OR_RETURN(rope.base, keys.Float({"", "rotary_emb_base"}, 2, 1e12, rope.base));
  return absl::OkStatus();
}

absl::Status AddRope(const Keys& keys, double base, EncoderSpec& spec) {
  ERATO_ASSIGN_OR_RETURN(RopeSpec rope,
                         ReadRope(keys, spec.layers[0].token_mixer.head_width, base));
  spec.ropes.push_back(rope);
  for (LayerSpec& layer : spec.layers) layer.token_mixer.rope = 0;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EncoderPlan> PlanNomicBert(const Keys& keys) {
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "nomic_bert");
  n.qkv = keys.is_gguf() ? "attn_qkv" : "attn.Wqkv";
  if (!keys.is_gguf()) {
    n.embed_norm = "emb_ln";
    n.layer = "encoder.layers.#.";
    n.out = "attn.out_proj";
    n.attention_norm = "norm1";
    n.gate = "mlp.fc12";
    n.up = "mlp.fc11";
    n.down = "mlp.fc2";
    n.feed_forward_norm = "norm2";
  }
  const bool old = keys.Has({"", "n_embd"});
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, old ? OldNomicKeys() : BertKeys()));
  EncoderSpec& spec = plan.spec;
  spec.family = "nomic-bert";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, false, 0, spec));
  ERATO_RETURN_IF_ERROR(AddRope(keys, 10000, spec));
  if (old) ERATO_RETURN_IF_ERROR(CheckOldNomic(keys, spec.ropes[0]));
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, "hidden_act", Activate::kSilu));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.qkv_bias = layer.token_mixer.out_bias = false;
    layer.channel_mixer = {layer.channel_mixer.width, act, /*gated=*/true, /*bias=*/false};
  }
  spec.down_bias = false;
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, {}, plan));
  return plan;
}

absl::StatusOr<EncoderPlan> PlanGte(const Keys& keys) {
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "new");
  n.qkv = "attention.qkv_proj";
  n.out = "attention.o_proj";
  n.attention_norm = "attn_ln";
  n.gate_up = "mlp.up_gate_proj";
  n.up_first = true;
  n.down = "mlp.down_proj";
  n.feed_forward_norm = "mlp_ln";
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "gte";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, false, 0, plan.spec));
  ERATO_RETURN_IF_ERROR(AddRope(keys, 10000, plan.spec));
  for (LayerSpec& layer : plan.spec.layers) {
    layer.channel_mixer.gated = true;
    layer.channel_mixer.bias = false;
  }
  const DenseSpec pooler = {
      .name = "pooler.dense", .in_root = true, .width = plan.spec.width, .act = Activate::kTanh};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(pooler, "classifier"), plan));
  return plan;
}

absl::StatusOr<EncoderPlan> PlanJinaV3(const Keys& keys) {
  EncoderPlan plan;
  EncoderNames& n = plan.names = BertNames(keys, "roberta");
  n.embed_norm = "emb_ln";
  n.layer = "encoder.layers.#.";
  n.qkv = "mixer.Wqkv";
  n.out = "mixer.out_proj";
  n.attention_norm = "norm1";
  n.up = "mlp.fc1";
  n.down = "mlp.fc2";
  n.feed_forward_norm = "norm2";
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, BertKeys()));
  plan.spec.family = "jina-v3";
  ERATO_RETURN_IF_ERROR(ReadTables(keys, false, 0, plan.spec));
  ERATO_RETURN_IF_ERROR(AddRope(keys, 20000, plan.spec));
  const DenseSpec dense = {
      .name = "classifier.dense", .width = plan.spec.width, .act = Activate::kTanh};
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, HeadsOf(dense, "classifier.out_proj"), plan));
  return plan;
}

}  // namespace erato
