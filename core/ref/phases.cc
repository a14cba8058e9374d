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

/// Keys [G·E] and values [G·V] of position p of one sequence, wherever they lie.
struct Past {
  const AttendArgs& a;
  const Step& step;
  int32_t sequence;
  const float* Key(int32_t p) const {
    if (a.k) return AsRef(*a.k).row(step.row_begin[sequence] + p);
    return AsRef(*step.kv).Keys(a.layer, step.blocks[sequence], p);
  }
  const float* Value(int32_t p) const {
    if (a.v) return AsRef(*a.v).row(step.row_begin[sequence] + p);
    return AsRef(*step.kv).Values(a.layer, step.blocks[sequence], p);
  }
};

/// What a distance adds to the score of query q and key k of one head.
double Relative(const AttendArgs& a, int32_t head, int32_t distance, const float* q,
                const float* k) {
  if (a.relative == nullptr) return 0;
  const RelativePositions& r = *a.relative;
  const auto reach = static_cast<int32_t>(r.row.size() / 2);
  const int32_t row = r.row[std::clamp(distance, -reach, reach) + reach];
  double sum = r.bias ? AsRef(*r.bias).row(0)[int64_t{row} * a.heads + head] : 0.0;
  const int32_t e = a.kv.k_width;
  if (r.position_k) sum += a.scale * Dot(q, AsRef(*r.position_k).row(row) + int64_t{head} * e, e);
  if (r.position_q) sum += a.scale * Dot(k, AsRef(*r.position_q).row(row) + int64_t{head} * e, e);
  return sum;
}

/// One query head at `position` against positions first … last of its sequence.
void AttendHead(const AttendArgs& a, const Past& past, int32_t head, const float* q,
                int32_t position, int32_t first, int32_t last, std::vector<double>& scores,
                float* o) {
  const int32_t e = a.kv.k_width, v = a.kv.v_width, g = head / (a.heads / a.kv.kv_heads);
  double highest = -HUGE_VAL;
  for (int32_t p = first; p <= last; ++p) {
    const float* k = past.Key(p) + int64_t{g} * e;
    scores[p - first] = Dot(q, k, e) * a.scale + Relative(a, head, position - p, q, k);
    highest = std::max(highest, scores[p - first]);
  }
  double sum = 0;
  for (int32_t p = first; p <= last; ++p) {
    sum += scores[p - first] = std::exp(scores[p - first] - highest);
  }
  for (int32_t j = 0; j < v; ++j) {
    double mixed = 0;
    for (int32_t p = first; p <= last; ++p) {
      mixed += scores[p - first] * past.Value(p)[int64_t{g} * v + j];
    }
    o[j] = static_cast<float>(mixed / sum);
  }
}

/// Pools rows [begin, end) of n, which has been normed, column by column.
void PoolRows(Pooling pooling, Rows n, int32_t begin, int32_t end, int64_t cols, float* y) {
  for (int64_t i = 0; i < cols; ++i) {
    double sum = 0, greatest = -HUGE_VAL;
    for (int32_t t = begin; t < end; ++t) {
      sum += n[t][i];
      greatest = std::max(greatest, double{n[t][i]});
    }
    y[i] = pooling == Pooling::kMean    ? static_cast<float>(sum / (end - begin))
           : pooling == Pooling::kMax   ? static_cast<float>(greatest)
           : pooling == Pooling::kFirst ? n[begin][i]
                                        : n[end - 1][i];
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
    const float* place =
        a.positions ? AsRef(*a.positions).row(a.first_position + step.positions[t]) : nullptr;
    const int32_t segment = step.segments.empty() ? 0 : step.segments[t];
    const float* kind = a.segments ? AsRef(*a.segments).row(segment) : nullptr;
    float* x = AsRef(*a.x).row(t);
    for (int64_t i = 0; i < table.cols; ++i) {
      x[i] = a.scale * row[i] + (place ? place[i] : 0.0f) + (kind ? kind[i] : 0.0f);
    }
    ApplyNorm(a.norm, x, table.cols, x);
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
    if (a.k) {
      std::copy_n(k[t], a.wk.w->rows, AsRef(*a.k).row(t));
      std::copy_n(v[t], a.wv.w->rows, AsRef(*a.v).row(t));
      return;
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
    const int32_t position = step.positions[t], reach = a.window > 0 ? a.window - 1 : INT32_MAX;
    const int32_t end = a.causal ? position : step.row_begin[s + 1] - step.row_begin[s] - 1;
    const int32_t first = position - std::min(position, reach);
    const int32_t last = position + std::min(end - position, reach);
    for (int32_t h = 0; h < a.heads; ++h) {
      AttendHead(a, {a, step, s}, h, q[t] + int64_t{h} * a.kv.k_width, position, first, last,
                 scratch_.scores, o[t] + int64_t{h} * a.kv.v_width);
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
    ApplyNorm(a.norm, x[t], d, x[t]);
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

void RefOps::Dense(const DenseArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), y = RowsOf(*a.y), n = scratch_.Normed();
  const int32_t rows = a.pooled ? step.sequences() : step.rows();
  for (int32_t t = 0; t < rows; ++t) ApplyNorm(a.norm, x[t], a.w.w->cols, n[t]);
  ApplyLinear(a.w, n, rows, y);
  for (int32_t t = 0; t < rows; ++t) {
    for (int64_t i = 0; i < a.w.w->rows; ++i) {
      y[t][i] = static_cast<float>(ApplyActivation(a.act, y[t][i]));
    }
  }
}

void RefOps::Pool(const PoolArgs& a, const Step& step) {
  if (Stopped(step)) return;
  const Rows x = RowsOf(*a.x), y = RowsOf(*a.y), n = scratch_.Normed();
  const int64_t cols = a.x->cols;
  const bool rows = a.pooling == Pooling::kNone;
  for (int32_t t = 0; t < step.rows(); ++t) ApplyNorm(a.norm, x[t], cols, rows ? y[t] : n[t]);
  for (int32_t s = 0; !rows && s < step.sequences(); ++s) {
    PoolRows(a.pooling, n, step.row_begin[s], step.row_begin[s + 1], cols, y[s]);
  }
}

}  // namespace erato::ref
