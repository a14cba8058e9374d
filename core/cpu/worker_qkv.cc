// Qkv: three products, then every head is normed, turned and stored.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/cpu/worker.h"

namespace erato::cpu {

int32_t Worker::SequenceOf(int64_t row) const {
  const auto after =
      std::upper_bound(step_.row_begin.begin(), step_.row_begin.end(), static_cast<int32_t>(row));
  return static_cast<int32_t>(after - step_.row_begin.begin()) - 1;
}

int Worker::Angles(const Rope& rope) {
  for (int slot = 0; slot < kRopeSlots; slot++)
    if (ropes_[slot] == &rope) return slot;
  const int slot = next_rope_;
  next_rope_ = (next_rope_ + 1) % kRopeSlots;
  ropes_[slot] = &rope;
  const auto pairs = static_cast<int64_t>(rope.inverse_frequency.size());
  Share(step_.rows(), false, [&](int64_t t) {
    float* cosine = scratch_.angles[slot] + t * scratch_.head;
    for (int64_t p = 0; p < pairs; p++) {
      const float angle =
          static_cast<float>(step_.positions[t]) * rope.inverse_frequency[static_cast<size_t>(p)];
      cosine[p] = std::cos(angle) * rope.magnitude;
      cosine[pairs + p] = std::sin(angle) * rope.magnitude;
    }
  });
  return slot;
}

void Worker::Rotate(const Rope& rope, int slot, int64_t row, float* head) {
  const auto pairs = static_cast<int64_t>(rope.inverse_frequency.size());
  const float* cosine = scratch_.angles[slot] + row * scratch_.head;
  const float* sine = cosine + pairs;
  if (rope.pairing == Rope::Pairing::kHalf) {
    kernels_.rotate_half(head, cosine, sine, pairs);
    return;
  }
  for (int64_t p = 0; p < pairs; p++) {
    const float a = head[2 * p], b = head[2 * p + 1];
    head[2 * p] = a * cosine[p] - b * sine[p];
    head[2 * p + 1] = b * cosine[p] + a * sine[p];
  }
}

/// Heads are numbered: queries, keys, values.
void Worker::FinishHead(const QkvArgs& a, int slot, int64_t row, int32_t item) {
  const int32_t heads = a.heads, kv_heads = a.kv.kv_heads, e = a.kv.k_width, v_width = a.kv.v_width;
  if (item < heads) {
    float* q = AsCpu(*a.q).row(row) + int64_t{item} * e;
    if (a.q_norm.kind != Norm::Kind::kNone) ApplyNorm(a.q_norm, q, e, q);
    if (a.rope != nullptr) Rotate(*a.rope, slot, row, q);
    return;
  }
  if (a.k != nullptr) {  // values are where they belong
    if (item >= heads + kv_heads) return;
    float* k = AsCpu(*a.k).row(row) + int64_t{item - heads} * e;
    if (a.k_norm.kind != Norm::Kind::kNone) ApplyNorm(a.k_norm, k, e, k);
    if (a.rope != nullptr) Rotate(*a.rope, slot, row, k);
    return;
  }
  const CpuKvPool& pool = static_cast<const CpuKvPool&>(*step_.kv);
  const int32_t position = step_.positions[row], place = position % KvPool::block_tokens;
  const absl::Span<const int32_t> table = step_.blocks[static_cast<size_t>(SequenceOf(row))];
  uint8_t* page = pool.page(table[position / KvPool::block_tokens]);
  float* kv = scratch_.wide + row * (a.wk.w->rows + a.wv.w->rows);
  if (item < heads + kv_heads) {
    const int32_t g = item - heads;
    float* k = kv + int64_t{g} * e;
    if (a.k_norm.kind != Norm::Kind::kNone) ApplyNorm(a.k_norm, k, e, k);
    if (a.rope != nullptr) Rotate(*a.rope, slot, row, k);
    uint8_t* keys = page + pool.KeyOffset(a.layer, g);
    if (a.kv.wide) {
      float* to = reinterpret_cast<float*>(keys) + place;
      for (int32_t i = 0; i < e; i++) to[i * KvPool::block_tokens] = k[i];
      return;
    }
    uint16_t* to = reinterpret_cast<uint16_t*>(keys) + place;
    uint16_t* halves = reinterpret_cast<uint16_t*>(own_.row);
    kernels_.to_half(k, e, halves);
    for (int32_t i = 0; i < e; i++) to[i * KvPool::block_tokens] = halves[i];
  } else {
    const int32_t g = item - heads - kv_heads;
    const float* v = kv + a.wk.w->rows + int64_t{g} * v_width;
    const int64_t at = int64_t{place} * v_width;
    uint8_t* values = page + pool.ValueOffset(a.layer, g);
    if (a.kv.wide) {
      std::copy(v, v + v_width, reinterpret_cast<float*>(values) + at);
    } else {
      kernels_.to_half(v, v_width, reinterpret_cast<uint16_t*>(values) + at);
    }
  }
}

void Worker::Qkv(const QkvArgs& a, const Step&) {
  const int64_t rows = step_.rows();
  const int slot = a.rope == nullptr ? 0 : Angles(*a.rope);
  const Input in = Prepare(*a.x, a.norm, {a.wq.w, a.wk.w, a.wv.w}, Rounding::kTwice, rows);
  const int64_t q_strips = AsCpu(*a.wq.w).matrix.strips, k_strips = AsCpu(*a.wk.w).matrix.strips,
                v_strips = AsCpu(*a.wv.w).matrix.strips;
  const CpuActivation& q = AsCpu(*a.q);
  Tiles(q_strips + k_strips + v_strips, rows, in, [&](int64_t strip, int64_t row, int64_t n) {
    const Linear* linear = &a.wq;
    float* to = q.row(0);
    int64_t stride = q.cols;
    if (strip >= q_strips) {
      strip -= q_strips;
      const bool value = strip >= k_strips;
      if (value) strip -= k_strips;
      linear = value ? &a.wv : &a.wk;
      const Activation* kept = value ? a.v : a.k;
      to = kept != nullptr ? AsCpu(*kept).row(0) : scratch_.wide + (value ? a.wk.w->rows : 0);
      stride = kept != nullptr ? kept->cols : a.wk.w->rows + a.wv.w->rows;
    }
    const Rounding rounding = linear == &a.wv ? Rounding::kTwice : Rounding::kOnce;
    Multiply(*linear, in, rounding, strip, row, n, own_.tile[0]);
    EachRow(*linear, strip, row, n, own_.tile[0],
            [&](const float* y, int64_t r, int64_t have, int64_t t) {
              std::memcpy(to + t * stride + r, y, static_cast<size_t>(have) * sizeof(float));
            });
  });
  Barrier();
  const bool bare =
      a.rope == nullptr && a.q_norm.kind == Norm::Kind::kNone && a.k_norm.kind == Norm::Kind::kNone;
  if (a.k != nullptr && bare) return;
  // A group of rows shares cache lines of the transposed keys: one worker writes them all.
  const int32_t items = a.heads + (a.k != nullptr ? 1 : 2) * a.kv.kv_heads;
  const int64_t group = rows <= kOwnRows * 4 ? 1 : KvPool::block_tokens,
                groups = (rows + group - 1) / group;
  Share(groups * items, rows > kOwnRows * 4, [&](int64_t i) {
    const int64_t begin = i / items * group;
    for (int64_t t = begin; t < std::min(rows, begin + group); t++) {
      FinishHead(a, slot, t, static_cast<int32_t>(i % items));
    }
  });
  Barrier();
}

}  // namespace erato::cpu
