#include "models/decoder_weights.h"

#include <string_view>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/slot_list.h"

namespace erato {
namespace {

void AddAttention(const TensorNames& names, const LayerSpec& layer, int64_t width, DecoderLayer& to,
                  SlotList& list) {
  if (layer.pre_norm) list.AddNorm(to.attention_norm, names.attention_norm, width);
  list.AddAttention(to, names, layer.token_mixer, width);
  if (layer.post_norm) list.AddNorm(to.attention_post_norm, names.attention_post_norm, width);
}

void AddFeedForward(const TensorNames& names, const LayerSpec& layer, int64_t width,
                    DecoderLayer& to, SlotList& list) {
  const FeedForwardSpec& f = layer.channel_mixer;
  if (layer.pre_norm) list.AddNorm(to.feed_forward_norm, names.feed_forward_norm, width);
  if (f.gated) list.AddLinear(to.gate, names.gate, f.width, width, f.bias);
  list.AddLinear(to.up, names.up, f.width, width, f.bias);
  list.AddLinear(to.down, names.down, width, f.width, f.bias);
  if (layer.post_norm) list.AddNorm(to.feed_forward_post_norm, names.feed_forward_post_norm, width);
}

}  // namespace

absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const DecoderPlan& plan, const ModelFiles& files,
                                                DecoderWeights& weights) {
  const DecoderSpec& spec = plan.spec;
  const TensorNames& names = plan.names;
  ERATO_ASSIGN_OR_RETURN(const std::string root, FindRoot(names.roots, names.embed, files));
  std::vector<WeightSlot> slots;
  SlotList list(spec.norm, slots);
  list.SetPrefix(root);
  list.AddTable(weights.embed, names.embed, spec.vocabulary, spec.width);
  if (spec.embed.positions) {
    list.AddTable(weights.positions, names.positions, spec.context_length, spec.width);
  }
  weights.layers.resize(spec.layers.size());
  list.SetTransposed(names.transposed);
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    list.SetPrefix(Concat(root, LayerPrefix(names.layer, i)));
    AddAttention(names, spec.layers[i], spec.width, weights.layers[i], list);
    AddFeedForward(names, spec.layers[i], spec.width, weights.layers[i], list);
  }
  list.SetTransposed(false);
  list.SetPrefix(root);
  list.AddNorm(weights.final_norm, names.final_norm, spec.width);
  list.SetPrefix("");
  if (!spec.head.tied) {
    list.AddLinear(weights.head, names.head, spec.vocabulary, spec.width, false);
  }
  return slots;
}

}  // namespace erato
