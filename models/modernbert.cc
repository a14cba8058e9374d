// ModernBERT (Warner et al. 2024): pre-norm without biases, GeGLU, rotary positions, and windows in
// all layers but every third. The first layer takes the embedding as its norm left it.
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/families.h"
#include "models/layer_types.h"

namespace erato {
namespace {

EncoderNames NamesOf() {
  EncoderNames n;
  n.roots = {"model.", ""};
  n.embed = "embeddings.tok_embeddings";
  n.embed_norm = "embeddings.norm";
  n.final_norm = "final_norm";
  n.layer = "layers.#.";
  n.attention_norm = "attn_norm";
  n.qkv = "attn.Wqkv";
  n.out = "attn.Wo";
  n.feed_forward_norm = "mlp_norm";
  n.gate_up = "mlp.Wi";
  n.down = "mlp.Wo";
  n.unused = {"decoder."};  // predicts masked words
  return n;
}

/// "is sliding" a layer: layer_types, or all but every n-th.
absl::StatusOr<std::vector<bool>> ReadSliding(const Keys& keys, int64_t layers) {
  ERATO_ASSIGN_OR_RETURN(const auto listed, ReadLayerTypes(keys, layers));
  if (listed) return *listed;
  ERATO_ASSIGN_OR_RETURN(const int64_t every,
                         keys.Int({"", "global_attn_every_n_layers"}, 1, 1024, 3));
  std::vector<bool> sliding;
  for (int64_t i = 0; i < layers; ++i) sliding.push_back(i % every != 0);
  return sliding;
}

/// Both kinds of layer have a base of their own; older files keep them in two flat keys.
absl::Status AddRopes(const Keys& keys, EncoderSpec& spec) {
  const int32_t width = spec.layers[0].token_mixer.head_width;
  ERATO_ASSIGN_OR_RETURN(const double far, keys.Float({"", "global_rope_theta"}, 2, 1e12, 160000));
  ERATO_ASSIGN_OR_RETURN(const double near, keys.Float({"", "local_rope_theta"}, 2, 1e12, 10000));
  for (const auto& [base, section] :
       {std::pair(far, "full_attention"), std::pair(near, "sliding_attention")}) {
    ERATO_ASSIGN_OR_RETURN(RopeSpec rope, ReadRope(keys, width, base, section));
    spec.ropes.push_back(std::move(rope));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EncoderPlan> PlanModernBert(const Keys& keys) {
  EncoderPlan plan;
  plan.names = NamesOf();
  DecoderKeys names = BertKeys();
  names.eps.config = "norm_eps";
  names.eps_otherwise = 1e-5;
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadEncoder(keys, names, "hidden_activation"));
  EncoderSpec& spec = plan.spec;
  spec.family = "modernbert";
  spec.post_norm = spec.first_norm = false;
  spec.final_norm = true;
  ERATO_ASSIGN_OR_RETURN(spec.norm.bias, keys.Bool({"", "norm_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const bool attention_bias, keys.Bool({"", "attention_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const bool mlp_bias, keys.Bool({"", "mlp_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const bool head_bias, keys.Bool({"", "classifier_bias"}, false));
  ERATO_ASSIGN_OR_RETURN(const int64_t local, keys.Int({"", "local_attention"}, 1, 1 << 24, 128));
  ERATO_ASSIGN_OR_RETURN(const std::vector<bool> sliding,
                         ReadSliding(keys, static_cast<int64_t>(spec.layers.size())));
  ERATO_RETURN_IF_ERROR(AddRopes(keys, spec));
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    AttentionSpec& a = spec.layers[i].token_mixer;
    a.qkv_bias = a.out_bias = attention_bias;
    a.rope = sliding[i] ? 1 : 0;
    a.window = sliding[i] ? static_cast<int32_t>(local / 2) + 1 : 0;
    spec.layers[i].channel_mixer.gated = true;
    spec.layers[i].channel_mixer.bias = mlp_bias;
  }
  spec.down_bias = mlp_bias;
  ERATO_ASSIGN_OR_RETURN(const Activate act,
                         ReadActivation(keys, "classifier_activation", Activate::kGelu));
  const DenseSpec dense = {
      .name = "head.dense", .width = spec.width, .act = act, .bias = head_bias};
  LabelHeads heads;
  heads.sequence = {dense, {.name = "classifier", .norm = "head.norm"}};
  heads.token = heads.sequence;
  ERATO_ASSIGN_OR_RETURN(const std::string pooling, keys.String({"", "classifier_pooling"}, "cls"));
  if (pooling != "cls" && pooling != "mean") {
    return keys.Error({"", "classifier_pooling"}, pooling, "cls or mean");
  }
  if (pooling == "mean") heads.pooling = Pooling::kMean;
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, heads, plan));
  if (spec.labels.of == LabelSpec::Of::kNothing) plan.names.unused.emplace_back("head.");
  return plan;
}

}  // namespace erato
