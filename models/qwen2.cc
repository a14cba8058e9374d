// Qwen 2 and 2.5 (Yang et al. 2024): Llama with biases on q, k and v; a window in upper layers
// where the file says so.
#include "core/base/status.h"
#include "models/families.h"
#include "models/hyper.h"
#include "models/layer_types.h"
#include "models/names.h"

namespace erato {

absl::StatusOr<DecoderPlan> PlanQwen2(const Keys& keys) {
  DecoderPlan plan;
  plan.names = LlamaNames(keys);
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadDecoder(keys, {}));
  DecoderSpec& spec = plan.spec;
  spec.family = "qwen2";
  ERATO_ASSIGN_OR_RETURN(const RopeSpec rope,
                         ReadRope(keys, spec.layers[0].token_mixer.head_width, 10000));
  spec.ropes.push_back(rope);
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, "hidden_act", Activate::kSilu));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.qkv_bias = true;
    layer.channel_mixer.act = act;
  }
  ERATO_RETURN_IF_ERROR(ReadUpperWindow(keys, spec));
  ERATO_RETURN_IF_ERROR(ReadTied(keys, false, plan));
  return plan;
}

}  // namespace erato
