// GPT-2 (Radford et al. 2019): layer norms with biases, learned positions, plain GELU, one matrix
// for q, k and v. Hugging Face keeps matrices as [in, out] (its Conv1D); GGUF turns them round.
#include "core/base/status.h"
#include "models/families.h"
#include "models/hyper.h"
#include "models/names.h"

namespace erato {
namespace {

DecoderKeys KeysOf() {
  DecoderKeys names;
  names.layers.key.config = "n_layer";
  names.width.key.config = "n_embd";
  names.context.key.config = "n_positions";
  names.heads.key.config = "n_head";
  names.kv_heads.key = {".attention.head_count_kv", ""};
  names.head_width.key = {".attention.key_length", ""};
  names.feed_forward.key.config = "n_inner";
  names.eps = {".attention.layer_norm_epsilon", "layer_norm_epsilon"};
  names.eps_otherwise = 1e-5;
  return names;
}

TensorNames NamesOf(const Keys& keys) {
  if (keys.is_gguf()) {
    TensorNames n = GgufNames();
    n.qkv = "attn_qkv";
    return n;
  }
  TensorNames n;
  n.roots = {"transformer.", ""};
  n.embed = "wte";
  n.positions = "wpe";
  n.final_norm = "ln_f";
  n.head = "lm_head";
  n.layer = "h.#.";
  n.attention_norm = "ln_1";
  n.qkv = "attn.c_attn";
  n.out = "attn.c_proj";
  n.feed_forward_norm = "ln_2";
  n.up = "mlp.c_fc";
  n.down = "mlp.c_proj";
  n.transposed = true;
  n.unused = {".attn.bias", ".attn.masked_bias"};  // older files carry the causal mask
  return n;
}

absl::Status RefuseOthers(const Keys& keys) {
  for (const char* name : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"}) {
    ERATO_ASSIGN_OR_RETURN(const bool on, keys.Bool({"", name}, false));
    if (on) return keys.Error({"", name}, on, "false");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DecoderPlan> PlanGpt2(const Keys& keys) {
  DecoderPlan plan;
  plan.names = NamesOf(keys);
  ERATO_RETURN_IF_ERROR(RefuseOthers(keys));
  DecoderKeys names = KeysOf();
  if (!keys.Has(names.feed_forward.key) && !keys.is_gguf()) {
    ERATO_ASSIGN_OR_RETURN(const int64_t width, keys.Int(names.width.key, 1, 1 << 17));
    names.feed_forward.otherwise = 4 * width;
  }
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadDecoder(keys, names));
  DecoderSpec& spec = plan.spec;
  spec.family = "gpt2";
  spec.norm.kind = Norm::Kind::kLayer;
  spec.embed.positions = true;
  ERATO_ASSIGN_OR_RETURN(const Activate act,
                         ReadActivation(keys, "activation_function", Activate::kGeluTanh));
  ERATO_ASSIGN_OR_RETURN(const bool scaled, keys.Bool({"", "scale_attn_weights"}, true));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.rope = -1;
    layer.token_mixer.qkv_bias = layer.token_mixer.out_bias = true;
    if (!scaled) layer.token_mixer.scale = 1;
    layer.channel_mixer = {layer.channel_mixer.width, act, /*gated=*/false, /*bias=*/true};
  }
  ERATO_RETURN_IF_ERROR(ReadTied(keys, true, plan));
  return plan;
}

}  // namespace erato
