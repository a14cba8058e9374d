// Llama (Touvron et al. 2023; Llama 2, 3.x; SmolLM and many others): pre-norm, grouped heads, rope,
// gated SiLU.
//
// GGUF: converters lay the rows of Wq and Wk so that neighbours turn together (interleaved pairs);
// Hugging Face has the halves of a head turn together. GGUF does not say whether there are biases:
// the file's convention is that they are there or not, and layer 0 answers for all. Mistral's GGUF
// files are of this architecture too.
#include "core/base/status.h"
#include "models/families.h"
#include "models/hyper.h"
#include "models/names.h"

namespace erato {
namespace {

absl::Status ReadBiases(const Keys& keys, DecoderSpec& spec) {
  AttentionSpec attention;
  FeedForwardSpec feed_forward;
  if (keys.is_gguf()) {
    attention.qkv_bias = keys.files().Find("blk.0.attn_q.bias") != nullptr;
    attention.out_bias = keys.files().Find("blk.0.attn_output.bias") != nullptr;
    feed_forward.bias = keys.files().Find("blk.0.ffn_up.bias") != nullptr;
  } else {
    ERATO_ASSIGN_OR_RETURN(attention.qkv_bias, keys.Bool({"", "attention_bias"}, false));
    attention.out_bias = attention.qkv_bias;
    ERATO_ASSIGN_OR_RETURN(feed_forward.bias, keys.Bool({"", "mlp_bias"}, false));
  }
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.qkv_bias = attention.qkv_bias;
    layer.token_mixer.out_bias = attention.out_bias;
    layer.channel_mixer.bias = feed_forward.bias;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DecoderPlan> PlanLlama(const Keys& keys) {
  DecoderPlan plan;
  plan.names = LlamaNames(keys);
  ERATO_RETURN_IF_ERROR(RefuseExperts(keys));
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadDecoder(keys, {}));
  DecoderSpec& spec = plan.spec;
  spec.family = "llama";
  ERATO_RETURN_IF_ERROR(ReadBiases(keys, spec));
  ERATO_ASSIGN_OR_RETURN(RopeSpec rope,
                         ReadRope(keys, spec.layers[0].token_mixer.head_width, 10000));
  if (keys.is_gguf()) rope.pairing = Rope::Pairing::kInterleaved;
  spec.ropes.push_back(rope);
  ERATO_ASSIGN_OR_RETURN(const int64_t window,
                         keys.Int({".attention.sliding_window", ""}, 0, INT32_MAX, 0));
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, "hidden_act", Activate::kSilu));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.window = static_cast<int32_t>(window);
    layer.channel_mixer.act = act;
  }
  ERATO_RETURN_IF_ERROR(ReadTied(keys, false, plan));
  return plan;
}

}  // namespace erato
