#include "models/decoder.h"

#include <algorithm>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

constexpr int32_t kMaxRows = 1 << 16;

absl::Status CheckOptions(const BindOptions& options) {
  const auto check = [](int32_t rows, int32_t least) {
    if (rows >= least && rows <= kMaxRows) return absl::OkStatus();
    return absl::InvalidArgumentError(
        Concat("[bind] rows of a step, got ", rows, ", expected ", least, " to ", kMaxRows));
  };
  ERATO_RETURN_IF_ERROR(check(options.max_rows, 1));
  ERATO_RETURN_IF_ERROR(check(options.max_logit_rows, 0));
  if (options.max_context >= 0) return absl::OkStatus();
  return absl::InvalidArgumentError(Concat("[bind] context, got ", options.max_context,
                                           ", expected 0 (the model's own) or more"));
}

}  // namespace

bool KeepsWide(const ModelFiles& files) {
  const auto& tensors = files.tensors();
  return std::all_of(tensors.begin(), tensors.end(),
                     [](const TensorEntry& t) { return t.format == Format::kF32; });
}

void Decoder::Forward(Ops& ops, const Step& step) const {
  Activation *x = x_.get(), *q = q_.get(), *o = o_.get(), *h = h_.get();
  ops.Embed({.table = weights_.embed,
             .positions = weights_.positions,
             .scale = spec_.embed.scale,
             .x = x},
            step);
  for (int32_t i = 0; i < static_cast<int32_t>(weights_.layers.size()); ++i) {
    const DecoderLayer& w = weights_.layers[i];
    const AttentionSpec& attention = spec_.layers[i].token_mixer;
    ops.Qkv({.x = x,
             .norm = w.attention_norm,
             .wq = w.q,
             .wk = w.k,
             .wv = w.v,
             .q_norm = w.q_norm,
             .k_norm = w.k_norm,
             .rope = attention.rope < 0 ? nullptr : &ropes_[attention.rope],
             .heads = attention.heads,
             .kv = kv_layers_[i],
             .layer = i,
             .q = q},
            step);
    ops.Attend({.q = q,
                .heads = attention.heads,
                .kv = kv_layers_[i],
                .layer = i,
                .scale = attention.scale,
                .window = attention.window,
                .o = o},
               step);
    ops.ProjAdd({.in = o, .w = w.out, .post_norm = w.attention_post_norm, .x = x}, step);
    ops.GateUp({.x = x,
                .norm = w.feed_forward_norm,
                .gate = w.gate,
                .up = w.up,
                .act = spec_.layers[i].channel_mixer.act,
                .h = h},
               step);
    ops.ProjAdd({.in = h, .w = w.down, .post_norm = w.feed_forward_post_norm, .x = x}, step);
    if (ops.Stopped(step)) return;
  }
  ops.Head({.x = x,
            .norm = weights_.final_norm,
            .w = weights_.head,
            .cap = spec_.head.cap,
            .logits = logits_.get()},
           step);
}

absl::StatusOr<std::unique_ptr<Decoder>> Decoder::Bind(const DecoderPlan& plan,
                                                       const ModelFiles& files, Backend& backend,
                                                       const BindOptions& options) {
  ERATO_RETURN_IF_ERROR(CheckOptions(options));
  std::unique_ptr<Decoder> model(new Decoder());
  ERATO_ASSIGN_OR_RETURN(const std::vector<WeightSlot> slots,
                         SlotsOf(plan, files, model->weights_));
  ERATO_RETURN_IF_ERROR(CheckSlots(plan.spec.family, plan.names.unused, slots, files));
  model->spec_ = plan.spec;
  model->max_rows_ = options.max_rows;
  model->max_logit_rows_ = std::min(
      options.max_logit_rows > 0 ? options.max_logit_rows : LogitRows(plan.spec.vocabulary),
      options.max_rows);
  model->context_length_ = plan.spec.context_length;
  if (options.max_context > 0) {
    model->context_length_ = std::min(model->context_length_, options.max_context);
  }
  for (const RopeSpec& rope : plan.spec.ropes) model->ropes_.push_back(MakeRope(rope));
  for (const LayerSpec& layer : plan.spec.layers) {
    const AttentionSpec& a = layer.token_mixer;
    model->kv_layers_.push_back({a.kv_heads, a.head_width, a.head_width, KeepsWide(files)});
  }
  ERATO_RETURN_IF_ERROR(UploadSlots(slots, files, backend, options, model->weights_.owned));
  if (plan.spec.head.tied) model->weights_.head.w = model->weights_.embed;
  ERATO_RETURN_IF_ERROR(model->Reserve(backend));
  return model;
}

absl::Status Decoder::Reserve(Backend& backend) {
  int64_t head = 0, attention = 0, feed_forward = 0;
  for (const LayerSpec& layer : spec_.layers) {
    const AttentionSpec& a = layer.token_mixer;
    head = std::max(head, int64_t{a.head_width});
    attention = std::max(attention, int64_t{a.heads} * a.head_width);
    feed_forward = std::max(feed_forward, int64_t{layer.channel_mixer.width});
  }
  ERATO_ASSIGN_OR_RETURN(x_, backend.NewActivation(max_rows_, spec_.width));
  ERATO_ASSIGN_OR_RETURN(q_, backend.NewActivation(max_rows_, attention));
  ERATO_ASSIGN_OR_RETURN(o_, backend.NewActivation(max_rows_, attention));
  ERATO_ASSIGN_OR_RETURN(h_, backend.NewActivation(max_rows_, feed_forward));
  ERATO_ASSIGN_OR_RETURN(logits_, backend.NewActivation(max_logit_rows_, spec_.vocabulary));
  const int64_t widest = std::max({int64_t{spec_.width}, attention, feed_forward});
  return backend.Reserve(max_rows_, widest, head);
}

}  // namespace erato
