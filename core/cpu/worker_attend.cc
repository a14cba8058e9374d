// Attend: the work is cut into items of one sequence, one key/value head and a few rows and heads
// that read it. Where that gives fewer items than workers can share evenly, as with one sequence
// that decodes, the context is cut too: each part leaves its greatest score, its sum and its
// unscaled output, and one more phase joins them.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/cpu/worker.h"

namespace erato::cpu {
namespace {

struct Cut {
  int32_t heads;  // of a key/value head, in one item
  int32_t rows;   // in one item
  int32_t head_items;
};

Cut CutOf(const AttendArgs& a) {
  const int32_t share = a.heads / a.kv.kv_heads;
  const auto most = static_cast<int32_t>(kTileQueries);
  Cut cut;
  cut.heads = std::min(share, most);
  cut.rows = std::max(1, most / cut.heads);
  cut.head_items = (share + cut.heads - 1) / cut.heads;
  return cut;
}

}  // namespace

int64_t Worker::AttendItems(const AttendArgs& a) const {
  const Cut cut = CutOf(a);
  int64_t items = 0;
  for (int32_t s = 0; s < step_.sequences(); s++) {
    items += (step_.row_begin[s + 1] - step_.row_begin[s] + cut.rows - 1) / cut.rows;
  }
  return items * a.kv.kv_heads * cut.head_items;
}

Worker::AttendItem Worker::FindItem(const AttendArgs& a, int64_t index) const {
  const Cut cut = CutOf(a);
  const int64_t per_rows = int64_t{a.kv.kv_heads} * cut.head_items;
  int64_t tile = index / per_rows;
  const auto head = static_cast<int32_t>(index % per_rows);
  int32_t s = 0;
  for (;; s++) {
    const int64_t tiles = (step_.row_begin[s + 1] - step_.row_begin[s] + cut.rows - 1) / cut.rows;
    if (tile < tiles) break;
    tile -= tiles;
  }
  // The last rows of a prompt see most: they go first, so that no long item is left for the end.
  const int32_t end = step_.row_begin[s + 1] - static_cast<int32_t>(tile) * cut.rows;
  const int32_t share = a.heads / a.kv.kv_heads, kv_head = head / cut.head_items;
  const int32_t first = kv_head * share + head % cut.head_items * cut.heads;
  return {s,     std::max(step_.row_begin[s], end - cut.rows),       end, kv_head,
          first, std::min(first + cut.heads, (kv_head + 1) * share), 0};
}

int32_t Worker::PartsOf(const AttendArgs& a, int64_t items) const {
  const int64_t workers = team_.size();
  if (workers == 1 || items == 0 || items >= 4 * workers || step_.rows() > kOwnRows) return 1;
  int32_t longest = 0;
  for (const int32_t position : step_.positions) longest = std::max(longest, position + 1);
  if (a.window > 0) longest = std::min(longest, a.window);
  const int64_t wanted = std::min((4 * workers + items - 1) / items, scratch_.part_count / items);
  return static_cast<int32_t>(std::clamp<int64_t>(longest / 64, 1, std::max<int64_t>(1, wanted)));
}

void Worker::AttendPart(const AttendArgs& a, const AttendItem& item, int32_t parts, int64_t index) {
  const int32_t e = a.kv.k_width, v = a.kv.v_width;
  const CpuActivation& q = AsCpu(*a.q);
  const CpuKvPool& pool = static_cast<const CpuKvPool&>(*step_.kv);
  int32_t n = 0;
  for (int32_t t = item.row_begin; t < item.row_end; t++) {
    const int32_t last = step_.positions[t];
    for (int32_t h = item.head_begin; h < item.head_end; h++, n++) {
      own_.last[n] = last;
      own_.first[n] = a.window > 0 ? std::max(0, last - a.window + 1) : 0;
      const float* from = q.row(t) + int64_t{h} * e;
      for (int32_t i = 0; i < e; i++) own_.q[int64_t{n} * e + i] = from[i] * a.scale;
    }
  }
  int32_t begin = own_.first[0], end = own_.last[n - 1] + 1;
  if (parts > 1) {
    // Parts begin at pages; the first begins where the window does, the last ends with the context.
    const int32_t page = KvPool::block_tokens, first = begin / page,
                  pages = (end - 1) / page + 1 - first;
    const int32_t from = (first + pages * item.part / parts) * page,
                  to = (first + pages * (item.part + 1) / parts) * page;
    begin = std::max(begin, from);
    end = std::min(end, to);
  }
  float* part = scratch_.parts + (index * parts + item.part) * scratch_.part_floats;
  AttendTile tile = {own_.q,
                     own_.first,
                     own_.last,
                     n,
                     e,
                     v,
                     begin,
                     end,
                     pool.pages(),
                     step_.blocks[static_cast<size_t>(item.sequence)].data(),
                     pool.KeyOffset(a.layer, item.kv_head),
                     pool.ValueOffset(a.layer, item.kv_head),
                     a.kv.wide,
                     own_.scores,
                     own_.o,
                     own_.top,
                     own_.sum};
  if (parts > 1) {
    tile.top = part;
    tile.sum = part + kTileQueries;
    tile.o = part + 2 * kTileQueries;
  }
  kernels_.attend(tile);
  if (parts > 1) return;
  n = 0;
  for (int32_t t = item.row_begin; t < item.row_end; t++)
    for (int32_t h = item.head_begin; h < item.head_end; h++, n++) {
      float* to = AsCpu(*a.o).row(t) + int64_t{h} * v;
      const float inverse = 1 / own_.sum[n];
      for (int32_t i = 0; i < v; i++) to[i] = own_.o[int64_t{n} * v + i] * inverse;
    }
}

void Worker::JoinParts(const AttendArgs& a, const AttendItem& item, int32_t parts, int64_t index) {
  const int32_t v = a.kv.v_width;
  int32_t n = 0;
  for (int32_t t = item.row_begin; t < item.row_end; t++)
    for (int32_t h = item.head_begin; h < item.head_end; h++, n++) {
      const float* first = scratch_.parts + index * parts * scratch_.part_floats;
      float top = first[n], sum = 0;
      for (int32_t p = 1; p < parts; p++) top = std::max(top, first[p * scratch_.part_floats + n]);
      float* to = AsCpu(*a.o).row(t) + int64_t{h} * v;
      std::memset(to, 0, static_cast<size_t>(v) * sizeof(float));
      for (int32_t p = 0; p < parts; p++) {
        const float* part = first + p * scratch_.part_floats;
        const float weight = std::exp(part[n] - top);
        sum += weight * part[kTileQueries + n];
        kernels_.add_scaled(to, part + 2 * kTileQueries + int64_t{n} * v, v, weight);
      }
      for (int32_t i = 0; i < v; i++) to[i] /= sum;
    }
}

void Worker::Attend(const AttendArgs& a, const Step&) {
  if (a.k != nullptr) return AttendRows(a);
  const int64_t items = AttendItems(a);
  const int32_t parts = PartsOf(a, items);
  Share(items * parts, true, [&](int64_t i) {
    if (StopWanted()) return;
    AttendItem item = FindItem(a, i / parts);
    item.part = static_cast<int32_t>(i % parts);
    AttendPart(a, item, parts, i / parts);
  });
  Barrier();
  if (parts == 1) return;
  Share(items, false, [&](int64_t i) { JoinParts(a, FindItem(a, i), parts, i); });
  Barrier();
}

}  // namespace erato::cpu
