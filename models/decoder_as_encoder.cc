#include "models/decoder_as_encoder.h"

#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/encoder_keys.h"

namespace erato {
namespace {

EncoderSpec SpecOf(const DecoderSpec& from) {
  EncoderSpec spec;
  spec.family = from.family;
  spec.vocabulary = from.vocabulary;
  spec.width = spec.embed.width = from.width;
  spec.context_length = from.context_length;
  spec.embed.scale = from.embed.scale;
  spec.embed.position_rows = from.embed.positions ? from.context_length : 0;
  spec.embed.norm = false;
  spec.norm = from.norm;
  spec.post_norm = false;
  spec.final_norm = true;
  spec.causal = from.causal;
  spec.down_bias = from.layers[0].channel_mixer.bias;
  spec.ropes = from.ropes;
  spec.layers = from.layers;
  return spec;
}

}  // namespace

bool SaysVectors(const Keys& keys) {
  if (keys.is_gguf()) return keys.Has({".pooling_type", ""});
  if (!absl::IsNotFound(keys.files().ReadJsonFile("", "modules.json").status())) return true;
  const OwnedJson classes(keys.Find({"", "architectures"}));
  if (!classes->is_array() || classes->size() != 1 || !(*classes)[0].is_string()) return false;
  return (*classes)[0].get_ref<const std::string&>().find("Classification") != std::string::npos;
}

absl::StatusOr<EncoderPlan> AsEncoder(const Keys& keys, const DecoderPlan& plan) {
  EncoderPlan out;
  out.spec = SpecOf(plan.spec);
  static_cast<TensorNames&>(out.names) = plan.names;
  out.names.unused.push_back(Concat(plan.names.head, ".weight"));
  LabelHeads heads;
  heads.sequence = {{.name = "score", .bias = false}};
  heads.token = {{.name = "score"}};
  heads.pooling = Pooling::kLast;
  out.spec.vectors.pooling = Pooling::kLast;
  ERATO_RETURN_IF_ERROR(ReadPurpose(keys, heads, out));
  return out;
}

}  // namespace erato
