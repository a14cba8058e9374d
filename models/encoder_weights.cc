#include "models/encoder_weights.h"

#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/slot_list.h"

namespace erato {
namespace {

void AddEmbedding(const EncoderPlan& plan, EncoderWeights& to, SlotList& list) {
  const EncoderSpec& spec = plan.spec;
  const EncoderNames& names = plan.names;
  const int32_t width = spec.embed.width;
  list.AddTable(to.embed, names.embed, spec.vocabulary, width);
  if (spec.embed.position_rows > 0) {
    list.AddTable(to.positions, names.positions, spec.embed.position_rows, width);
  }
  if (spec.embed.segments > 0) {
    list.AddTable(to.segments, names.segments, spec.embed.segments, width);
  }
  if (spec.embed.norm) list.AddNorm(to.embed_norm, names.embed_norm, width);
  if (width != spec.width) {
    list.AddLinear(to.project, names.embed_project, spec.width, width, true);
  }
}

void AddRelative(const EncoderPlan& plan, EncoderWeights& to, SlotList& list) {
  const RelativeSpec& relative = plan.spec.relative;
  if (relative.kind == RelativeSpec::Kind::kBias) {
    const int32_t heads = plan.spec.layers[0].token_mixer.heads;
    list.AddFlat(to.relative, plan.names.relative, relative.rows, heads);
  } else if (relative.kind == RelativeSpec::Kind::kDisentangled) {
    list.AddTable(to.relative, plan.names.relative, relative.rows, plan.spec.width);
    if (relative.norm) list.AddNorm(to.relative_norm, plan.names.relative_norm, plan.spec.width);
  }
}

void AddAttention(const EncoderPlan& plan, size_t layer, EncoderLayer& to, SlotList& list) {
  const EncoderNames& names = plan.names;
  const int64_t width = plan.spec.width;
  const LayerSpec& norms = plan.spec.layers[layer];
  if (plan.spec.post_norm) {
    list.AddNorm(to.attention_after, names.attention_norm, width);
  } else {
    if (norms.pre_norm && (layer > 0 || plan.spec.first_norm)) {
      list.AddNorm(to.attention_before, names.attention_norm, width);
    }
    if (norms.post_norm) list.AddNorm(to.attention_output, names.attention_post_norm, width);
  }
  list.AddAttention(to, names, norms.token_mixer, width);
}

void AddFeedForward(const EncoderPlan& plan, size_t layer, EncoderLayer& to, SlotList& list) {
  const EncoderNames& names = plan.names;
  const FeedForwardSpec& f = plan.spec.layers[layer].channel_mixer;
  const int64_t width = plan.spec.width;
  const LayerSpec& norms = plan.spec.layers[layer];
  if (plan.spec.post_norm) {
    list.AddNorm(to.feed_forward_after, names.feed_forward_norm, width);
  } else {
    if (norms.pre_norm) list.AddNorm(to.feed_forward_before, names.feed_forward_norm, width);
    if (norms.post_norm) list.AddNorm(to.feed_forward_output, names.feed_forward_post_norm, width);
  }
  if (f.gated && !names.gate_up.empty()) {
    const int64_t gate = names.up_first ? f.width : 0, up = f.width - gate;
    list.AddLinear(to.gate, names.gate_up, f.width, width, f.bias, gate, 2 * int64_t{f.width});
    list.AddLinear(to.up, names.gate_up, f.width, width, f.bias, up, 2 * int64_t{f.width});
  } else {
    if (f.gated) list.AddLinear(to.gate, names.gate, f.width, width, f.bias);
    list.AddLinear(to.up, names.up, f.width, width, f.bias);
  }
  list.AddLinear(to.down, names.down, width, f.width, plan.spec.down_bias);
}

/// `otherwise`: the width of what a spec leaves at 0.
void AddDense(const std::vector<DenseSpec>& specs, int64_t width, size_t otherwise,
              const std::string& root, std::vector<DenseLayer>& to, SlotList& list) {
  to.resize(specs.size());
  for (size_t i = 0; i < specs.size(); ++i) {
    const DenseSpec& dense = specs[i];
    const int64_t rows = dense.width > 0 ? dense.width : static_cast<int64_t>(otherwise);
    list.SetPrefix(dense.in_root ? root : "");
    if (!dense.norm.empty()) list.AddNorm(to[i].norm, dense.norm, width);
    list.AddLinear(to[i].w, dense.name, rows, width, dense.bias);
    width = rows;
  }
}

}  // namespace

absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const EncoderPlan& plan, const ModelFiles& files,
                                                EncoderWeights& weights) {
  const EncoderSpec& spec = plan.spec;
  const EncoderNames& names = plan.names;
  ERATO_ASSIGN_OR_RETURN(const std::string root, FindRoot(names.roots, names.embed, files));
  std::vector<WeightSlot> slots;
  SlotList list(spec.norm, slots);
  list.SetPrefix(root);
  AddEmbedding(plan, weights, list);
  AddRelative(plan, weights, list);
  weights.layers.resize(spec.layers.size());
  list.SetTransposed(names.transposed);
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    list.SetPrefix(Concat(root, LayerPrefix(names.layer, i)));
    AddAttention(plan, i, weights.layers[i], list);
    AddFeedForward(plan, i, weights.layers[i], list);
  }
  list.SetTransposed(false);
  list.SetPrefix(root);
  if (spec.final_norm) list.AddNorm(weights.final_norm, names.final_norm, spec.width);
  AddDense(spec.vectors.dense, spec.width, 0, root, weights.vectors, list);
  AddDense(spec.labels.dense, spec.width, spec.labels.names.size(), root, weights.labels, list);
  return slots;
}

}  // namespace erato
