// Attention where keys and values are float32 rows beside the queries: whole sequences, no cache.
//
// A tile is up to 128 queries of one head. Keys are taken 32 at a time and laid transposed, so that
// lanes are positions, as in a page of the cache; that costs a row of the tile's work in a hundred.
// The softmax runs page by page with a running maximum, and the output rows are the sums. Relative
// positions come as one line of numbers by distance, or as two more products a page: all queries
// with the keys of the distances that occur there (n + 31 of them), and the queries of these
// distances with the page's keys.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

/// s[i][n] += a[n] · b[i] over float32, as MulAdd over float16.
template <int N, int kVectors>
ERATO_INLINE void MulAddRows(const float* a, int64_t a_stride, const float* b, V::F (*s)[N]) {
  V::F x[kVectors];
  for (int i = 0; i < kVectors; i++) x[i] = V::Load(b + i * V::kLanes);
  for (int n = 0; n < N; n++) {
    const V::F one = V::Set(a[n * a_stride]);
    for (int i = 0; i < kVectors; i++) s[i][n] = V::Fma(one, x[i], s[i][n]);
  }
}

template <int N>
struct RowQueries {
  static constexpr int kCount = N;
  static constexpr int kMost = kPage / V::kLanes;
  static constexpr int kVectors = N <= 3 ? (kMost < 4 ? kMost : 4) : 2;

  /// scores[n][32] (lines `score_stride` apart) of N queries with one page of transposed keys.
  static __attribute__((noinline)) void Score(const float* q, int64_t q_stride, int64_t width,
                                              const float* keys, float* scores,
                                              int64_t score_stride) {
    for (int p = 0; p < kPage; p += kVectors * V::kLanes) {
      V::F s[kVectors][N];
      for (int i = 0; i < kVectors; i++)
        for (int n = 0; n < N; n++) s[i][n] = V::Zero();
      for (int64_t e = 0; e < width; e++)
        MulAddRows<N, kVectors>(q + e, q_stride, keys + e * kPage + p, s);
      for (int n = 0; n < N; n++)
        for (int i = 0; i < kVectors; i++)
          V::Store(scores + n * score_stride + p + i * V::kLanes, s[i][n]);
    }
  }

  template <int kWide>
  static ERATO_INLINE void MixColumns(const float* p, int count, const float* v, int64_t v_stride,
                                      float* o, int64_t o_stride) {
    V::F s[kWide][N];
    for (int n = 0; n < N; n++)
      for (int i = 0; i < kWide; i++) s[i][n] = V::Load(o + n * o_stride + i * V::kLanes);
    for (int at = 0; at < count; at++) MulAddRows<N, kWide>(p + at, kPage, v + at * v_stride, s);
    for (int n = 0; n < N; n++)
      for (int i = 0; i < kWide; i++) V::Store(o + n * o_stride + i * V::kLanes, s[i][n]);
  }

  /// o[n] += Σ p[n][i] · v[i]
  static __attribute__((noinline)) void Mix(const float* p, int count, const float* v,
                                            int64_t v_stride, int64_t width, float* o,
                                            int64_t o_stride) {
    int64_t c = 0;
    for (; c + kVectors * V::kLanes <= width; c += kVectors * V::kLanes)
      MixColumns<kVectors>(p, count, v + c, v_stride, o + c, o_stride);
    for (; c + V::kLanes <= width; c += V::kLanes)
      MixColumns<1>(p, count, v + c, v_stride, o + c, o_stride);
    for (; c < width; c++)
      for (int n = 0; n < N; n++)
        for (int at = 0; at < count; at++)
          o[n * o_stride + c] += p[n * kPage + at] * v[at * v_stride + c];
  }
};

/// f(RowQueries<N>, n) over all queries, six at a time, then fewer.
template <class F>
ERATO_INLINE void ByRowQueries(int64_t count, F f) {
  int64_t n = 0;
  for (; n + 6 <= count; n += 6) f(RowQueries<6>(), n);
  if (n + 4 <= count) f(RowQueries<4>(), n), n += 4;
  if (n + 3 == count) return f(RowQueries<3>(), n);
  if (n + 2 == count) return f(RowQueries<2>(), n);
  if (n + 1 == count) f(RowQueries<1>(), n);
}

/// Columns e of `count` rows to lines of 32, zeros after them.
ERATO_INLINE void LayKeys(const float* rows, int64_t stride, int count, int64_t width,
                          float* keys) {
  for (int64_t e = 0; e < width; e++) {
    for (int p = 0; p < count; p++) keys[e * kPage + p] = rows[p * stride + e];
    for (int p = count; p < kPage; p++) keys[e * kPage + p] = 0;
  }
}

ERATO_INLINE const float* PlaceOf(const RowsTile& t, const float* table, int32_t distance) {
  const int32_t d = distance < -t.reach ? -t.reach : distance > t.reach ? t.reach : distance;
  return table + t.place[d + t.reach] * t.place_stride;
}

/// Fills t.asking [n][64], query i with the key of distance number x, and t.answering [64][32],
/// the query of distance number x with key j; number x is the distance query − page_begin − 31 + x.
void Disentangle(const RowsTile& t, int32_t page_begin) {
  const int32_t least = t.query - page_begin - (kPage - 1), count = t.n + kPage - 1;
  for (int half = 0; half < 2; half++) {
    for (int x = 0; x < kPage; x++) {
      const int32_t number = half * kPage + x;
      const float* from = number < count ? PlaceOf(t, t.position_k, least + number) : nullptr;
      for (int32_t e = 0; e < t.k_width; e++) t.places[e * kPage + x] = from ? from[e] : 0;
    }
    ByRowQueries(t.n, [&](auto queries, int64_t n) {
      queries.Score(t.q + n * t.q_stride, t.q_stride, t.k_width, t.places,
                    t.asking + n * 2 * kPage + half * kPage, 2 * kPage);
    });
  }
  for (int32_t x = 0; x < count; x++) {
    memcpy(t.places + x * t.k_width, PlaceOf(t, t.position_q, least + x),
           t.k_width * sizeof(float));
  }
  ByRowQueries(count, [&](auto queries, int64_t n) {
    queries.Score(t.places + n * t.k_width, t.k_width, t.k_width, t.keys, t.answering + n * kPage,
                  kPage);
  });
}

/// A query's scores with a page, before scaling and without what positions add.
ERATO_INLINE void SoftenRow(const RowsTile& t, int64_t n, int32_t page_begin, float* s) {
  const int32_t position = t.query + static_cast<int32_t>(n);
  int32_t first = 0, last = t.causal ? position : t.rows - 1;
  if (t.window > 0) {
    if (position - t.window + 1 > first) first = position - t.window + 1;
    if (last - position >= t.window) last = position + t.window - 1;
  }
  if (t.position_k != nullptr) {
    const float* asking = t.asking + n * 2 * kPage;
    for (int j = 0; j < kPage; j++) {
      const int64_t x = n - j + kPage - 1;
      s[j] += asking[x] + t.answering[x * kPage + j];
    }
  }
  V::F p[kPageVectors];
  for (int i = 0; i < kPageVectors; i++) p[i] = V::Mul(V::Load(s + i * V::kLanes), V::Set(t.scale));
  if (t.bias != nullptr) {
    const float* bias = t.bias + t.n - 1 - n + page_begin;
    for (int i = 0; i < kPageVectors; i++) p[i] = V::Add(p[i], V::Load(bias + i * V::kLanes));
  }
  Soften(p, first - page_begin, last - page_begin, s, t.top[n], t.sum[n], t.o + n * t.o_stride,
         t.v_width);
}

void AttendRows(const RowsTile& t) {
  for (int64_t n = 0; n < t.n; n++) {
    t.top[n] = kUnseen;
    t.sum[n] = 0;
    memset(t.o + n * t.o_stride, 0, t.v_width * sizeof(float));
  }
  int32_t begin = 0, end = t.causal ? t.query + t.n : t.rows;
  if (t.window > 0) {
    if (t.query - t.window + 1 > begin) begin = t.query - t.window + 1;
    if (end - (t.query + t.n) > t.window - 1) end = t.query + t.n + t.window - 1;
  }
  for (int32_t at = begin / kPage * kPage; at < end; at += kPage) {
    const int count = t.rows - at < kPage ? t.rows - at : kPage;
    LayKeys(t.k + at * t.k_stride, t.k_stride, count, t.k_width, t.keys);
    if (t.position_k != nullptr) Disentangle(t, at);
    ByRowQueries(t.n, [&](auto queries, int64_t n) {
      float scores[6 * kPage];
      queries.Score(t.q + n * t.q_stride, t.q_stride, t.k_width, t.keys, scores, kPage);
      for (int i = 0; i < queries.kCount; i++) SoftenRow(t, n + i, at, scores + i * kPage);
      queries.Mix(scores, count, t.v + at * t.v_stride, t.v_stride, t.v_width, t.o + n * t.o_stride,
                  t.o_stride);
    });
  }
  for (int64_t n = 0; n < t.n; n++) {
    float* o = t.o + n * t.o_stride;
    const float inverse = 1 / t.sum[n];
    Map(o, o, t.v_width, o, [inverse](V::F a, V::F) { return V::Mul(a, V::Set(inverse)); });
  }
}

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
