// EuroBERT (Boizard et al. 2025): Llama's layers without a mask.
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"
#include "models/names.h"

namespace erato {

absl::StatusOr<EncoderPlan> PlanEuroBert(const Keys& keys) {
  EncoderPlan plan;
  static_cast<TensorNames&>(plan.names) = LlamaConfigNames();
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, DecoderKeys()));
  EncoderSpec& spec = plan.spec;
  spec.family = "eurobert";
  spec.norm.kind = Norm::Kind::kRms;
  spec.embed.norm = spec.post_norm = false;
  spec.final_norm = true;
  ERATO_ASSIGN_OR_RETURN(const bool attention_bias, keys.Bool({"", "attention_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const bool mlp_bias, keys.Bool({"", "mlp_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const Activate act, ReadActivation(keys, "hidden_act", Activate::kSilu));
  ERATO_ASSIGN_OR_RETURN(RopeSpec rope,
                         ReadRope(keys, spec.layers[0].token_mixer.head_width, 250000));
  spec.ropes.push_back(std::move(rope));
  for (LayerSpec& layer : spec.layers) {
    layer.token_mixer.rope = 0;
    layer.token_mixer.qkv_bias = layer.token_mixer.out_bias = attention_bias;
    layer.channel_mixer = {layer.channel_mixer.width, act, /*gated=*/true, mlp_bias};
  }
  spec.down_bias = mlp_bias;
  LabelHeads heads =
      HeadsOf({.name = "dense", .width = spec.width, .act = Activate::kGelu}, "classifier");
  ERATO_ASSIGN_OR_RETURN(const std::string pooling,
                         keys.String({"", "classifier_pooling"}, "late"));
  if (pooling != "late" && pooling != "mean" && pooling != "bos") {
    return keys.Error({"", "classifier_pooling"}, pooling, "late, mean or bos");
  }
  heads.late = pooling == "late";
  heads.pooling = pooling == "bos" ? Pooling::kFirst : Pooling::kMean;
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, heads, plan));
  return plan;
}

}  // namespace erato
