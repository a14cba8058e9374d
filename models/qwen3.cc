// Qwen 3 (Yang et al. 2025): Qwen 2 with an RMS norm over each head of q and k in place of the
// biases.
#include "core/base/status.h"
#include "models/families.h"
#include "models/hyper.h"
#include "models/layer_types.h"
#include "models/names.h"

namespace erato {

absl::StatusOr<DecoderPlan> PlanQwen3(const Keys& keys) {
  DecoderPlan plan;
  plan.names = LlamaNames(keys);
  DecoderKeys names;
  if (!keys.is_gguf()) names.head_width.otherwise = 128;
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadDecoder(keys, names));
  DecoderSpec& spec = plan.spec;
  spec.family = "qwen3";
  ERATO_ASSIGN_OR_RETURN(const RopeSpec rope,
                         ReadRope(keys, spec.layers[0].token_mixer.head_width, 10000));
  spec.ropes.push_back(rope);
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, "hidden_act", Activate::kSilu));
  ERATO_ASSIGN_OR_RETURN(const bool bias, keys.Bool({"", "attention_bias"}, false));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.qk_norm = true;
    layer.token_mixer.qkv_bias = layer.token_mixer.out_bias = bias;
    layer.channel_mixer.act = act;
  }
  ERATO_RETURN_IF_ERROR(ReadUpperWindow(keys, spec));
  ERATO_RETURN_IF_ERROR(ReadTied(keys, false, plan));
  return plan;
}

}  // namespace erato
