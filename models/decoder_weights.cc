#include "models/decoder_weights.h"

#include <string_view>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

/// Collects slots under one prefix of names.
class SlotList {
 public:
  SlotList(const DecoderPlan& plan, std::vector<WeightSlot>& slots) : plan_(plan), slots_(slots) {}
  void SetPrefix(std::string prefix) { prefix_ = std::move(prefix); }
  void SetTransposed(bool transposed) { transposed_ = transposed; }

  /// Rows [first, first + rows) of a matrix with `all` rows in the file, and of its bias.
  void AddLinear(Linear& to, std::string_view stem, int64_t rows, int64_t cols, bool bias,
                 int64_t first = 0, int64_t all = 0) {
    if (all == 0) all = rows;
    slots_.push_back({Concat(prefix_, stem, ".weight"), WeightUse::kMatrix, rows, cols, first, all,
                      transposed_, 0, &to.w});
    if (bias) AddVector(to.b, Concat(stem, ".bias"), rows, first, all, 0);
  }

  void AddNorm(Norm& to, std::string_view stem, int64_t width) {
    const NormSpec& norm = plan_.spec.norm;
    to.kind = norm.kind;
    to.eps = norm.eps;
    AddVector(to.gain, Concat(stem, ".weight"), width, 0, width, norm.gain_offset);
    if (norm.kind == Norm::Kind::kLayer) {
      AddVector(to.bias, Concat(stem, ".bias"), width, 0, width, 0);
    }
  }

  void AddTable(const Weight*& to, std::string_view stem, int64_t rows, int64_t cols) {
    slots_.push_back(
        {Concat(prefix_, stem, ".weight"), WeightUse::kTable, rows, cols, 0, rows, false, 0, &to});
  }

 private:
  void AddVector(const Weight*& to, std::string_view name, int64_t width, int64_t first,
                 int64_t all, float offset) {
    slots_.push_back(
        {Concat(prefix_, name), WeightUse::kVector, 1, width, first, all, false, offset, &to});
  }

  const DecoderPlan& plan_;
  std::vector<WeightSlot>& slots_;
  std::string prefix_;
  bool transposed_ = false;
};

void AddAttention(const TensorNames& names, const LayerSpec& layer, int64_t width, DecoderLayer& to,
                  SlotList& list) {
  const AttentionSpec& a = layer.token_mixer;
  const int64_t q = int64_t{a.heads} * a.head_width, kv = int64_t{a.kv_heads} * a.head_width;
  if (layer.pre_norm) list.AddNorm(to.attention_norm, names.attention_norm, width);
  if (names.qkv.empty()) {
    list.AddLinear(to.q, names.q, q, width, a.qkv_bias);
    list.AddLinear(to.k, names.k, kv, width, a.qkv_bias);
    list.AddLinear(to.v, names.v, kv, width, a.qkv_bias);
  } else {
    const int64_t all = q + 2 * kv;
    list.AddLinear(to.q, names.qkv, q, width, a.qkv_bias, 0, all);
    list.AddLinear(to.k, names.qkv, kv, width, a.qkv_bias, q, all);
    list.AddLinear(to.v, names.qkv, kv, width, a.qkv_bias, q + kv, all);
  }
  if (a.qk_norm) {
    list.AddNorm(to.q_norm, names.q_norm, a.head_width);
    list.AddNorm(to.k_norm, names.k_norm, a.head_width);
  }
  list.AddLinear(to.out, names.out, width, q, a.out_bias);
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

std::string LayerPrefix(const TensorNames& names, size_t number) {
  const size_t at = names.layer.find('#');
  return Concat(names.layer.substr(0, at), number, names.layer.substr(at + 1));
}

absl::StatusOr<std::string> FindRoot(const TensorNames& names, const ModelFiles& files) {
  for (const std::string& root : names.roots) {
    if (files.Find(Concat(root, names.embed, ".weight")) != nullptr) return root;
  }
  return absl::NotFoundError(Concat("[tensor] ", names.roots[0], names.embed,
                                    ".weight, got nothing, expected the embedding table"));
}

}  // namespace

absl::StatusOr<std::vector<WeightSlot>> SlotsOf(const DecoderPlan& plan, const ModelFiles& files,
                                                DecoderWeights& weights) {
  const DecoderSpec& spec = plan.spec;
  const TensorNames& names = plan.names;
  ERATO_ASSIGN_OR_RETURN(const std::string root, FindRoot(names, files));
  std::vector<WeightSlot> slots;
  SlotList list(plan, slots);
  list.SetPrefix(root);
  list.AddTable(weights.embed, names.embed, spec.vocabulary, spec.width);
  if (spec.embed.positions) {
    list.AddTable(weights.positions, names.positions, spec.context_length, spec.width);
  }
  weights.layers.resize(spec.layers.size());
  list.SetTransposed(names.transposed);
  for (size_t i = 0; i < spec.layers.size(); ++i) {
    list.SetPrefix(Concat(root, LayerPrefix(names, i)));
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
