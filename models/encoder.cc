#include "models/encoder.h"

#include <algorithm>
#include <numeric>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {

Encoder::Encoder() {
  for (int i = 0; i < 5; ++i) {
    vector_programs_[i].of = this;
    vector_programs_[i].pooling = static_cast<Pooling>(i);
  }
  label_program_.of = this;
}

const RelativePositions* Encoder::RelativeOf(size_t layer) const {
  if (relative_.empty()) return nullptr;
  return &relative_[relative_.size() == 1 ? 0 : layer];
}

void Encoder::Layers(Ops& ops, const Step& step) const {
  Activation *x = work_.x.get(), *q = work_.q.get(), *k = work_.k.get(), *v = work_.v.get(),
             *o = work_.o.get(), *h = work_.h.get(), *e = work_.e ? work_.e.get() : x;
  ops.Embed({.table = weights_.embed,
             .positions = weights_.positions,
             .scale = spec_.embed.scale,
             .x = e,
             .first_position = spec_.embed.first_position,
             .segments = weights_.segments,
             .norm = weights_.embed_norm},
            step);
  if (e != x) ops.Dense({.x = e, .w = weights_.project, .y = x}, step);
  for (size_t i = 0; i < weights_.layers.size(); ++i) {
    const EncoderLayer& w = weights_.layers[i];
    const AttentionSpec& attention = spec_.layers[i].token_mixer;
    const KvLayerSpec kv = {attention.kv_heads, attention.head_width, attention.head_width};
    ops.Qkv({.x = x,
             .norm = w.attention_before,
             .wq = w.q,
             .wk = w.k,
             .wv = w.v,
             .q_norm = w.q_norm,
             .k_norm = w.k_norm,
             .rope = attention.rope < 0 ? nullptr : &ropes_[attention.rope],
             .heads = attention.heads,
             .kv = kv,
             .q = q,
             .k = k,
             .v = v},
            step);
    ops.Attend({.q = q,
                .heads = attention.heads,
                .kv = kv,
                .scale = attention.scale,
                .window = attention.window,
                .o = o,
                .k = k,
                .v = v,
                .causal = spec_.causal,
                .relative = RelativeOf(i)},
               step);
    ops.ProjAdd(
        {.in = o, .w = w.out, .post_norm = w.attention_output, .x = x, .norm = w.attention_after},
        step);
    ops.GateUp({.x = x,
                .norm = w.feed_forward_before,
                .gate = w.gate,
                .up = w.up,
                .act = spec_.layers[i].channel_mixer.act,
                .h = h},
               step);
    ops.ProjAdd({.in = h,
                 .w = w.down,
                 .post_norm = w.feed_forward_output,
                 .x = x,
                 .norm = w.feed_forward_after},
                step);
    if (ops.Stopped(step)) return;
  }
}

void Encoder::Pool(Ops& ops, const Step& step, Pooling pooling) const {
  ops.Pool({.x = work_.x.get(),
            .norm = weights_.final_norm,
            .pooling = pooling,
            .y = work_.vectors.get()},
           step);
}

void Encoder::Dense(Ops& ops, const Step& step, const std::vector<DenseSpec>& specs,
                    const std::vector<DenseLayer>& layers,
                    const std::vector<std::unique_ptr<Activation>>& to, bool pooled) const {
  const Activation* in = work_.vectors.get();
  for (size_t i = 0; i < layers.size(); ++i) {
    ops.Dense({.x = in,
               .norm = layers[i].norm,
               .w = layers[i].w,
               .act = specs[i].act,
               .pooled = pooled,
               .y = to[i].get()},
              step);
    in = to[i].get();
  }
}

void Encoder::Vectors(Ops& ops, const Step& step, Pooling pooling) const {
  Layers(ops, step);
  if (ops.Stopped(step)) return;
  Pool(ops, step, pooling);
  if (pooling == Pooling::kNone) return;
  Dense(ops, step, spec_.vectors.dense, weights_.vectors, work_.vector_dense, true);
}

void Encoder::Labels(Ops& ops, const Step& step) const {
  const LabelSpec& labels = spec_.labels;
  const bool by_row = labels.late || labels.of == LabelSpec::Of::kToken;
  Layers(ops, step);
  if (ops.Stopped(step)) return;
  Pool(ops, step, by_row ? Pooling::kNone : labels.pooling);
  Dense(ops, step, labels.dense, weights_.labels, work_.label_dense, !by_row);
  if (!labels.late) return;
  const auto last = work_.label_dense.end() - 1;
  ops.Pool({.x = (last - 1)->get(), .pooling = labels.pooling, .y = last->get()}, step);
}

absl::StatusOr<std::unique_ptr<Encoder>> Encoder::Bind(const EncoderPlan& plan,
                                                       const ModelFiles& files, Backend& backend,
                                                       const BindOptions& options) {
  std::unique_ptr<Encoder> model(new Encoder());
  ERATO_ASSIGN_OR_RETURN(const std::vector<WeightSlot> slots,
                         SlotsOf(plan, files, model->weights_));
  ERATO_RETURN_IF_ERROR(CheckSlots(plan.spec.family, plan.names.unused, slots, files));
  model->backend_ = &backend;
  model->spec_ = plan.spec;
  if (options.max_context > 0) {
    model->spec_.context_length = std::min(plan.spec.context_length, options.max_context);
  }
  for (const RopeSpec& rope : plan.spec.ropes) model->ropes_.push_back(MakeRope(rope));
  ERATO_RETURN_IF_ERROR(UploadSlots(slots, files, backend, options, model->weights_.owned));
  ERATO_RETURN_IF_ERROR(model->Reserve(options.max_rows));
  if (plan.spec.relative.kind == RelativeSpec::Kind::kBias) {
    model->relative_.push_back({plan.spec.relative.row, model->weights_.relative});
  } else if (plan.spec.relative.kind == RelativeSpec::Kind::kDisentangled) {
    ERATO_RETURN_IF_ERROR(model->ProjectPositions());
  }
  return model;
}

absl::Status Encoder::ReserveDense(const std::vector<DenseLayer>& layers, int32_t rows,
                                   int64_t& widest,
                                   std::vector<std::unique_ptr<Activation>>& made) const {
  for (const DenseLayer& dense : layers) {
    made.emplace_back();
    ERATO_ASSIGN_OR_RETURN(made.back(), backend_->NewActivation(rows, dense.w.w->rows));
    widest = std::max(widest, dense.w.w->rows);
  }
  return absl::OkStatus();
}

absl::Status Encoder::Reserve(int32_t rows) {
  constexpr int32_t kMaxRows = 1 << 20;
  if (rows < 1 || rows > kMaxRows) {
    return absl::InvalidArgumentError(
        Concat("[bind] rows of a step, got ", rows, ", expected 1 to ", kMaxRows));
  }
  if (rows <= max_rows_) return absl::OkStatus();
  int64_t queries = 0, keys = 0, feed_forward = 0;
  for (const LayerSpec& layer : spec_.layers) {
    const AttentionSpec& a = layer.token_mixer;
    queries = std::max(queries, int64_t{a.heads} * a.head_width);
    keys = std::max(keys, int64_t{a.kv_heads} * a.head_width);
    feed_forward = std::max(feed_forward, int64_t{layer.channel_mixer.width});
  }
  int64_t widest = std::max({int64_t{spec_.width}, queries, feed_forward});
  Work work;
  ERATO_ASSIGN_OR_RETURN(work.x, backend_->NewActivation(rows, spec_.width));
  if (spec_.embed.width != spec_.width) {
    ERATO_ASSIGN_OR_RETURN(work.e, backend_->NewActivation(rows, spec_.embed.width));
  }
  ERATO_ASSIGN_OR_RETURN(work.q, backend_->NewActivation(rows, queries));
  ERATO_ASSIGN_OR_RETURN(work.k, backend_->NewActivation(rows, keys));
  ERATO_ASSIGN_OR_RETURN(work.v, backend_->NewActivation(rows, keys));
  ERATO_ASSIGN_OR_RETURN(work.o, backend_->NewActivation(rows, queries));
  ERATO_ASSIGN_OR_RETURN(work.h, backend_->NewActivation(rows, feed_forward));
  ERATO_ASSIGN_OR_RETURN(work.vectors, backend_->NewActivation(rows, spec_.width));
  ERATO_RETURN_IF_ERROR(ReserveDense(weights_.vectors, rows, widest, work.vector_dense));
  ERATO_RETURN_IF_ERROR(ReserveDense(weights_.labels, rows, widest, work.label_dense));
  if (spec_.labels.late) {
    work.label_dense.emplace_back();
    ERATO_ASSIGN_OR_RETURN(work.label_dense.back(), backend_->NewActivation(rows, labels()));
  }
  ERATO_RETURN_IF_ERROR(
      backend_->Reserve(rows, std::max(widest, int64_t{spec_.embed.width}), spec_.context_length));
  work_ = std::move(work);
  max_rows_ = rows;
  return absl::OkStatus();
}

/// Every layer's view of the table of distances, which no text changes: its rows through the
/// layer's own query and key matrices.
struct Encoder::PositionProgram final : Program {
  Encoder* of = nullptr;
  Activation* table = nullptr;
  void Forward(Ops& ops, const Step& step) const override {
    const EncoderWeights& w = of->weights_;
    ops.Embed({.table = w.relative, .x = table, .norm = w.relative_norm}, step);
    for (size_t i = 0; i < w.layers.size(); ++i) {
      ops.Dense({.x = table, .w = w.layers[i].k, .y = of->positions_[2 * i].get()}, step);
      ops.Dense({.x = table, .w = w.layers[i].q, .y = of->positions_[2 * i + 1].get()}, step);
    }
  }
};

absl::Status Encoder::ProjectPositions() {
  const int32_t rows = spec_.relative.rows;
  PositionProgram program;
  ERATO_ASSIGN_OR_RETURN(const auto table, backend_->NewActivation(rows, spec_.width));
  for (const EncoderLayer& layer : weights_.layers) {
    for (const Linear* linear : {&layer.k, &layer.q}) {
      ERATO_ASSIGN_OR_RETURN(auto made, backend_->NewActivation(rows, linear->w->rows));
      positions_.push_back(std::move(made));
    }
    RelativePositions relative{spec_.relative.row};
    relative.position_k = positions_[positions_.size() - 2].get();
    relative.position_q = positions_.back().get();
    relative_.push_back(std::move(relative));
  }
  ERATO_RETURN_IF_ERROR(
      backend_->Reserve(std::max(rows, max_rows_), spec_.width, spec_.context_length));
  std::vector<int32_t> ids(rows);
  std::iota(ids.begin(), ids.end(), 0);
  const std::vector<int32_t> row_begin = {0, rows};
  Step step;
  step.ids = step.positions = ids;
  step.row_begin = row_begin;
  program.of = this;
  program.table = table.get();
  return backend_->Run(program, step);
}

}  // namespace erato
