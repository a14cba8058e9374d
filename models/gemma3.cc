// Gemma 3 (Gemma Team 2025), the text part: norms before and after each mixer, a norm over each
// head of q and k, five layers with a window to each one without, and a rope of their own for each
// kind. The embedding is scaled by sqrt(D).
//
// Hugging Face holds norm gains less 1; GGUF holds them whole. GGUF has no key for the scale of
// q·k: it is 1/sqrt(E), but 1/sqrt(D/H) in the 27B model, which is known by its 62 layers.
//
// EmbeddingGemma (Vera et al. 2025) is the same without a mask: its windows reach half as far, to
// both sides.
#include <cmath>

#include "core/base/status.h"
#include "models/families.h"
#include "models/hyper.h"
#include "models/layer_types.h"
#include "models/names.h"

namespace erato {
namespace {

constexpr size_t kLayersOf27B = 62;

DecoderKeys KeysOf(const Keys& keys) {
  DecoderKeys names;
  if (keys.is_gguf()) return names;
  // Published multimodal configs leave out what is Gemma's default.
  names.heads.otherwise = 8;
  names.kv_heads.otherwise = 4;
  names.head_width.otherwise = 256;
  names.vocabulary.otherwise = 262208;
  names.context.otherwise = 131072;
  return names;
}

TensorNames NamesOf(const Keys& keys) {
  if (keys.is_gguf()) return GgufNames();
  TensorNames n = LlamaConfigNames();
  n.roots = {"model.", "", "language_model.model.", "model.language_model."};
  n.attention_post_norm = "post_attention_layernorm";
  n.feed_forward_norm = "pre_feedforward_layernorm";
  n.feed_forward_post_norm = "post_feedforward_layernorm";
  n.unused.insert(n.unused.end(), {"vision_tower.", "multi_modal_projector."});
  return n;
}

absl::Status ReadScale(const Keys& keys, const DecoderSpec& spec, AttentionSpec& a) {
  const double usual = keys.is_gguf() && spec.layers.size() == kLayersOf27B
                           ? static_cast<double>(spec.width) / a.heads
                           : (keys.is_gguf() ? a.head_width : 256);
  ERATO_ASSIGN_OR_RETURN(const double divisor,
                         keys.Float({"", "query_pre_attn_scalar"}, 1e-3, 1e6, usual));
  ERATO_ASSIGN_OR_RETURN(const double scale,
                         keys.Float({".attention.scale", ""}, 1e-6, 1e3, 1 / std::sqrt(divisor)));
  a.scale = static_cast<float>(scale);
  return absl::OkStatus();
}

/// Full layers turn by ropes[0], layers with a window by ropes[1].
absl::Status ReadRopes(const Keys& keys, int64_t head_width, DecoderSpec& spec) {
  ERATO_ASSIGN_OR_RETURN(const RopeSpec full, ReadRope(keys, head_width, 1e6, "full_attention"));
  RopeSpec sliding;
  if (keys.Has({"", "rope_parameters/sliding_attention"})) {
    ERATO_ASSIGN_OR_RETURN(sliding, ReadRope(keys, head_width, 1e4, "sliding_attention"));
  } else {
    sliding.pairs = full.pairs;
    ERATO_ASSIGN_OR_RETURN(
        sliding.base, keys.Float({".rope.freq_base_swa", "rope_local_base_freq"}, 2, 1e12, 1e4));
  }
  spec.ropes = {full, sliding};
  return absl::OkStatus();
}

absl::StatusOr<std::vector<bool>> ReadSliding(const Keys& keys, int64_t layers) {
  ERATO_ASSIGN_OR_RETURN(const auto types, ReadLayerTypes(keys, layers));
  if (types) return *types;
  const Key pattern = {".attention.sliding_window_pattern", "sliding_window_pattern"};
  if (keys.Find(pattern)->is_array()) {
    ERATO_ASSIGN_OR_RETURN(const auto list, keys.Bools(pattern, layers));
    return *list;
  }
  ERATO_ASSIGN_OR_RETURN(const int64_t period, keys.Int(pattern, 1, 1024, 6));
  std::vector<bool> sliding(layers);
  for (int64_t i = 0; i < layers; ++i) sliding[i] = (i + 1) % period != 0;
  return sliding;
}

absl::Status RefuseOthers(const Keys& keys) {
  ERATO_ASSIGN_OR_RETURN(const bool bias, keys.Bool({"", "attention_bias"}, false));
  if (bias) return keys.Error({"", "attention_bias"}, bias, "false");
  const Key cap = {"", "attn_logit_softcapping"};
  return keys.Has(cap) ? keys.Error(cap, *keys.Find(cap), "null") : absl::OkStatus();
}

}  // namespace

absl::StatusOr<DecoderPlan> PlanGemma3(const Keys& keys) {
  DecoderPlan plan;
  plan.names = NamesOf(keys);
  ERATO_RETURN_IF_ERROR(RefuseOthers(keys));
  ERATO_ASSIGN_OR_RETURN(plan.spec, ReadDecoder(keys, KeysOf(keys)));
  DecoderSpec& spec = plan.spec;
  spec.family = "gemma3";
  spec.norm.gain_offset = keys.is_gguf() ? 0 : 1;
  spec.embed.scale = std::sqrt(static_cast<float>(spec.width));
  AttentionSpec attention = spec.layers[0].token_mixer;
  attention.qk_norm = true;
  ERATO_RETURN_IF_ERROR(ReadScale(keys, spec, attention));
  ERATO_RETURN_IF_ERROR(ReadRopes(keys, attention.head_width, spec));
  ERATO_ASSIGN_OR_RETURN(const bool both_ways, keys.Bool({"", "use_bidirectional_attention"},
                                                         keys.architecture() == "gemma-embedding"));
  spec.causal = !both_ways;
  ERATO_ASSIGN_OR_RETURN(int64_t window,
                         keys.Int({".attention.sliding_window", "sliding_window"}, 1, INT32_MAX,
                                  keys.is_gguf() ? std::nullopt : std::optional<int64_t>(4096)));
  if (both_ways) window = window / 2 + 1;
  ERATO_ASSIGN_OR_RETURN(const std::vector<bool> sliding, ReadSliding(keys, spec.layers.size()));
  ERATO_ASSIGN_OR_RETURN(const Activate act,
                         ReadActivation(keys, "hidden_activation", Activate::kGeluTanh));
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    spec.layers[i].token_mixer = attention;
    spec.layers[i].token_mixer.window = sliding[i] ? static_cast<int32_t>(window) : 0;
    spec.layers[i].token_mixer.rope = sliding[i] ? 1 : 0;
    spec.layers[i].channel_mixer.act = act;
    spec.layers[i].post_norm = true;
  }
  ERATO_ASSIGN_OR_RETURN(
      const double cap,
      keys.Float({".final_logit_softcapping", "final_logit_softcapping"}, 0, 1e6, 0));
  spec.head.cap = static_cast<float>(cap);
  ERATO_RETURN_IF_ERROR(ReadTied(keys, true, plan));
  return plan;
}

}  // namespace erato
