// Phases of whole sequences: attention without a cache, small dense layers, pooling.
#include <algorithm>
#include <cstring>

#include "core/cpu/worker.h"

namespace erato::cpu {

/// What distances add for one head, by position: bias[p + n − 1 − i] is of query i with position p.
void Worker::SpreadBias(const AttendArgs& a, int32_t head, RowsTile& tile) {
  const RelativePositions& r = *a.relative;
  const float* values = AsCpu(*r.bias).vector;
  const auto reach = static_cast<int32_t>(r.row.size() / 2);
  const int32_t last = tile.query + tile.n - 1;  // of the tile's queries
  for (int32_t j = 0; j < tile.rows + tile.n - 1; j++) {
    const int32_t row = r.row[std::clamp(last - j, -reach, reach) + reach];
    own_.bias[j] = values[int64_t{row} * a.heads + head];
  }
  std::memset(own_.bias + tile.rows + tile.n - 1, 0, KvPool::block_tokens * sizeof(float));
  tile.bias = own_.bias;
}

void Worker::AttendRowsTile(const AttendArgs& a, int32_t sequence, int32_t head, int32_t tile_row) {
  const int32_t begin = step_.row_begin[sequence], rows = step_.row_begin[sequence + 1] - begin;
  const int32_t kv_head = head / (a.heads / a.kv.kv_heads), e = a.kv.k_width, v = a.kv.v_width;
  const int32_t first = begin + tile_row;
  RowsTile tile = {};
  tile.n = std::min(QueriesOf(a), rows - tile_row);
  tile.q = AsCpu(*a.q).row(first) + int64_t{head} * e;
  tile.k = AsCpu(*a.k).row(begin) + int64_t{kv_head} * e;
  tile.v = AsCpu(*a.v).row(begin) + int64_t{kv_head} * v;
  tile.o = AsCpu(*a.o).row(first) + int64_t{head} * v;
  tile.q_stride = a.q->cols;
  tile.k_stride = a.k->cols;
  tile.v_stride = a.v->cols;
  tile.o_stride = a.o->cols;
  tile.k_width = e;
  tile.v_width = v;
  tile.query = tile_row;
  tile.rows = rows;
  tile.window = a.window;
  tile.causal = a.causal;
  tile.scale = a.scale;
  tile.keys = own_.keys;
  tile.top = own_.tops;
  tile.sum = own_.sums;
  if (a.relative != nullptr && a.relative->bias != nullptr) SpreadBias(a, head, tile);
  if (a.relative != nullptr && a.relative->position_k != nullptr) {
    const RelativePositions& r = *a.relative;
    tile.position_k = AsCpu(*r.position_k).row(0) + int64_t{head} * e;
    tile.position_q = AsCpu(*r.position_q).row(0) + int64_t{head} * e;
    tile.place_stride = r.position_k->cols;
    tile.place = r.row.data();
    tile.reach = static_cast<int32_t>(r.row.size() / 2);
    tile.places = own_.places;
    tile.asking = own_.asking;
    tile.answering = own_.asking + kTileQueries * 64;
  }
  kernels_.attend_rows(tile);
}

int32_t Worker::QueriesOf(const AttendArgs& a) {
  const bool places = a.relative != nullptr && a.relative->position_k != nullptr;
  return static_cast<int32_t>(places ? kTileQueries : kRowQueries);
}

void Worker::AttendRows(const AttendArgs& a) {
  const int32_t most = QueriesOf(a);
  int64_t tiles = 0;
  for (int32_t s = 0; s < step_.sequences(); s++) {
    tiles += (step_.row_begin[s + 1] - step_.row_begin[s] + most - 1) / most;
  }
  int64_t passed = 0;  // tiles of the sequences before s: the counter only rises
  int32_t s = 0;
  Share(tiles * a.heads, true, [&](int64_t i) {
    if (StopWanted()) return;
    const int64_t tile = i / a.heads;
    for (;; s++) {
      const int64_t here = (step_.row_begin[s + 1] - step_.row_begin[s] + most - 1) / most;
      if (tile < passed + here) break;
      passed += here;
    }
    AttendRowsTile(a, s, static_cast<int32_t>(i % a.heads),
                   static_cast<int32_t>(tile - passed) * most);
  });
  Barrier();
}

void Worker::Dense(const DenseArgs& a, const Step&) {
  const int64_t rows = a.pooled ? step_.sequences() : step_.rows();
  const Input in = Prepare(*a.x, a.norm, {a.w.w}, Rounding::kOnce, rows);
  const Curve curve = static_cast<Curve>(a.act);
  Tiles(AsCpu(*a.w.w).matrix.strips, rows, in, [&](int64_t strip, int64_t row, int64_t n) {
    Multiply(a.w, in, Rounding::kOnce, strip, row, n, own_.tile[0]);
    if (a.act != Activate::kNone) {
      kernels_.activate(curve, nullptr, own_.tile[0], n * kernels_.strip_rows, own_.tile[0]);
    }
    EachRow(a.w, strip, row, n, own_.tile[0],
            [&](const float* y, int64_t r, int64_t have, int64_t t) {
              std::memcpy(AsCpu(*a.y).row(t) + r, y, static_cast<size_t>(have) * sizeof(float));
            });
  });
  Barrier();
}

void Worker::PoolSequence(const PoolArgs& a, int32_t sequence) {
  const int64_t cols = a.x->cols;
  int32_t begin = step_.row_begin[sequence], end = step_.row_begin[sequence + 1];
  if (a.pooling == Pooling::kFirst) end = begin + 1;
  if (a.pooling == Pooling::kLast) begin = end - 1;
  float* y = AsCpu(*a.y).row(sequence);
  ApplyNorm(a.norm, AsCpu(*a.x).row(begin), cols, y);
  for (int32_t t = begin + 1; t < end; t++) {
    const float* row = AsCpu(*a.x).row(t);
    if (a.norm.kind != Norm::Kind::kNone) {
      ApplyNorm(a.norm, row, cols, own_.row);
      row = own_.row;
    }
    if (a.pooling == Pooling::kMean) {
      kernels_.add_scaled(y, row, cols, 1);
    } else {
      for (int64_t i = 0; i < cols; i++) y[i] = std::max(y[i], row[i]);
    }
  }
  if (a.pooling != Pooling::kMean) return;
  const float share = 1 / static_cast<float>(end - begin);
  for (int64_t i = 0; i < cols; i++) y[i] *= share;
}

void Worker::Pool(const PoolArgs& a, const Step&) {
  if (a.pooling == Pooling::kNone) {
    Share(step_.rows(), false,
          [&](int64_t t) { ApplyNorm(a.norm, AsCpu(*a.x).row(t), a.x->cols, AsCpu(*a.y).row(t)); });
  } else {
    Share(step_.sequences(), false, [&](int64_t s) { PoolSequence(a, static_cast<int32_t>(s)); });
  }
  Barrier();
}

}  // namespace erato::cpu
