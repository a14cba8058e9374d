#include "models/names.h"

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {

TensorNames GgufNames() {
  TensorNames n;
  n.embed = "token_embd";
  n.positions = "position_embd";
  n.final_norm = "output_norm";
  n.head = "output";
  n.layer = "blk.#.";
  n.attention_norm = "attn_norm";
  n.q = "attn_q";
  n.k = "attn_k";
  n.v = "attn_v";
  n.q_norm = "attn_q_norm";
  n.k_norm = "attn_k_norm";
  n.out = "attn_output";
  n.attention_post_norm = "post_attention_norm";
  n.feed_forward_norm = "ffn_norm";
  n.gate = "ffn_gate";
  n.up = "ffn_up";
  n.down = "ffn_down";
  n.feed_forward_post_norm = "post_ffw_norm";
  n.unused = {"rope_freqs.weight"};  // no weight: rope_keys.cc reads it
  return n;
}

TensorNames LlamaConfigNames() {
  TensorNames n;
  n.roots = {"model.", ""};
  n.embed = "embed_tokens";
  n.final_norm = "norm";
  n.head = "lm_head";
  n.layer = "layers.#.";
  n.attention_norm = "input_layernorm";
  n.q = "self_attn.q_proj";
  n.k = "self_attn.k_proj";
  n.v = "self_attn.v_proj";
  n.q_norm = "self_attn.q_norm";
  n.k_norm = "self_attn.k_norm";
  n.out = "self_attn.o_proj";
  n.feed_forward_norm = "post_attention_layernorm";
  n.gate = "mlp.gate_proj";
  n.up = "mlp.up_proj";
  n.down = "mlp.down_proj";
  n.unused = {"rotary_emb.inv_freq"};  // older files carry what rope.cc computes
  return n;
}

TensorNames LlamaNames(const Keys& keys) {
  return keys.is_gguf() ? GgufNames() : LlamaConfigNames();
}

absl::Status ReadTied(const Keys& keys, bool otherwise, DecoderPlan& plan) {
  const std::string head = Concat(plan.names.head, ".weight");
  if (keys.is_gguf()) {
    plan.spec.head.tied = keys.files().Find(head) == nullptr;
    return absl::OkStatus();
  }
  ERATO_ASSIGN_OR_RETURN(plan.spec.head.tied, keys.Bool({"", "tie_word_embeddings"}, otherwise));
  if (plan.spec.head.tied) plan.names.unused.push_back(head);  // some files carry the table twice
  return absl::OkStatus();
}

}  // namespace erato
