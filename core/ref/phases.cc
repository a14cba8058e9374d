#include "core/ref/phases.h"

#include <algorithm>
#include <cmath>

#include "core/ref/storage.h"

namespace erato::ref {
namespace {

Rows RowsOf(Activation& a) { return {AsRef(a).row(0), a.cols}; }
Rows RowsOf(const Activation& a) { return {const_cast<float*>(AsRef(a).row(0)), a.cols}; }

/// f(row, sequence) for each row of the step.
template <typename F>
void ForEachRow(const Step& step, F f) {
  for (int32_t s = 0; s < step.sequences(); ++s) {
    for (int32_t t = step.row_begin[s]; t < step.row_begin[s + 1]; ++t) f(t, s);
  }
}

/// One query head against positions first … last of one sequence: softmax(scale · q·kᵀ) · v.
void AttendHead(const AttendArgs& a, const Step& step, int32_t sequence, int32_t head,
                const float* q, int32_t first, int32_t last, std::vector<double>& scores,
                float* o) {
  RefKvPool& pool = AsRef(*step.kv);
  const absl::Span<const int32_t> table = step.blocks[sequence];
  const int32_t e = a.kv.k_width, v = a.kv.v_width, g = head / (a.heads / a.kv.kv_heads);
  double highest = -HUGE_VAL;
  for (int32_t p = first; p <= last; ++p) {
    scores[p - first] = Dot(q, pool.Keys(a.layer, table, p) + int64_t{g} * e, e) * a.scale;
    highest = std::max(highest, scores[p - first]);
  }
  double sum = 0;
  for (int32_t p = first; p <= last; ++p) {
    sum += scores[p - first] = std::exp(scores[p - first] - highest);
  }
  for (int32_t j = 0; j < v; ++j) {
    double mixed = 0;
    for (int32_t p = first; p <= last; ++p) {
      mixed += scores[p - first] * pool.Values(a.layer, table, p)[int64_t{g} * v + j];
    }
    o[j] = static_cast<float>(mixed / sum);
  }
}

}  // namespace

bool RefOps::Stopped(const Step& step) const {
  stopped_ = stopped_ || (step.stop != nullptr && step.stop->load(std::memory_order_relaxed));
  return stopped_;
}

void RefOps::Embed(const EmbedArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const RefWeight& table = AsRef(*a.table);
  for (int32_t t = 0; t < step.rows(); ++t) {
    const float* row = table.row(step.ids[t]);
    const float* place = a.positions ? AsRef(*a.positions).row(step.positions[t]) : nullptr;
    float* x = AsRef(*a.x).row(t);
    for (int64_t i = 0; i < table.cols; ++i) x[i] = a.scale * row[i] + (place ? place[i] : 0.0f);
  }
}

void RefOps::Qkv(const QkvArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), q = RowsOf(*a.q), n = scratch_.Normed(), k = scratch_.First(),
             v = scratch_.Second();
  for (int32_t t = 0; t < step.rows(); ++t) ApplyNorm(a.norm, x[t], a.wq.w->cols, n[t]);
  ApplyLinear(a.wq, n, step.rows(), q);
  ApplyLinear(a.wk, n, step.rows(), k);
  ApplyLinear(a.wv, n, step.rows(), v);
  const int32_t e = a.kv.k_width;
  ForEachRow(step, [&](int32_t t, int32_t s) {
    for (int32_t h = 0; h < a.heads; ++h) {
      float* head = q[t] + int64_t{h} * e;
      ApplyNorm(a.q_norm, head, e, head);
      if (a.rope) ApplyRope(*a.rope, step.positions[t], head);
    }
    for (int32_t g = 0; g < a.kv.kv_heads; ++g) {
      float* head = k[t] + int64_t{g} * e;
      ApplyNorm(a.k_norm, head, e, head);
      if (a.rope) ApplyRope(*a.rope, step.positions[t], head);
    }
    RefKvPool& pool = AsRef(*step.kv);
    std::copy_n(k[t], a.wk.w->rows, pool.Keys(a.layer, step.blocks[s], step.positions[t]));
    std::copy_n(v[t], a.wv.w->rows, pool.Values(a.layer, step.blocks[s], step.positions[t]));
  });
}

void RefOps::Attend(const AttendArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows q = RowsOf(*a.q), o = RowsOf(*a.o);
  ForEachRow(step, [&](int32_t t, int32_t s) {
    const int32_t last = step.positions[t];
    const int32_t first = a.window > 0 ? std::max(0, last - a.window + 1) : 0;
    for (int32_t h = 0; h < a.heads; ++h) {
      AttendHead(a, step, s, h, q[t] + int64_t{h} * a.kv.k_width, first, last, scratch_.scores,
                 o[t] + int64_t{h} * a.kv.v_width);
    }
  });
}

void RefOps::ProjAdd(const ProjAddArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), y = scratch_.First();
  ApplyLinear(a.w, RowsOf(*a.in), step.rows(), y);
  const int64_t d = a.w.w->rows;
  for (int32_t t = 0; t < step.rows(); ++t) {
    ApplyNorm(a.post_norm, y[t], d, y[t]);
    for (int64_t i = 0; i < d; ++i) x[t][i] += a.scale * y[t][i];
  }
}

void RefOps::GateUp(const GateUpArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), h = RowsOf(*a.h), n = scratch_.Normed(), gate = scratch_.First();
  for (int32_t t = 0; t < step.rows(); ++t) ApplyNorm(a.norm, x[t], a.up.w->cols, n[t]);
  ApplyLinear(a.up, n, step.rows(), h);
  if (a.gate.w) ApplyLinear(a.gate, n, step.rows(), gate);
  for (int32_t t = 0; t < step.rows(); ++t) {
    for (int64_t i = 0; i < a.up.w->rows; ++i) {
      const double up = h[t][i];
      h[t][i] = static_cast<float>(a.gate.w ? ApplyActivation(a.act, gate[t][i]) * up
                                            : ApplyActivation(a.act, up));
    }
  }
}

void RefOps::Head(const HeadArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), logits = RowsOf(*a.logits), n = scratch_.Normed();
  const auto rows = static_cast<int64_t>(step.logit_rows.size());
  for (int64_t i = 0; i < rows; ++i) ApplyNorm(a.norm, x[step.logit_rows[i]], a.w.w->cols, n[i]);
  ApplyLinear(a.w, n, rows, logits);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t r = 0; r < a.w.w->rows; ++r) {
      const float y = a.scale * logits[i][r];
      logits[i][r] = a.cap > 0 ? a.cap * std::tanh(y / a.cap) : y;
    }
  }
}

}  // namespace erato::ref
