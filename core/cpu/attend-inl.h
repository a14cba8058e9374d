// softmax(q · Kᵀ) · V over the pages of one sequence and one key/value head, for a tile of queries.
//
// A page holds 32 positions: keys transposed, [k_width, 32], so that lanes are positions and no
// score needs a sum across lanes; values as rows, [32, v_width], so that lanes are columns of the
// output. The softmax is taken page by page with a running maximum (Milakov and Gimelshein 2018;
// Dao et al. 2022): o and sum are scaled down when the maximum rises. The caller divides by the
// sum, after joining the parts of a context that was split.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

constexpr int kPage = 32;
constexpr float kUnseen = -1e30f;

// T is what keys and values are kept as: float, or uint16_t for float16.
ERATO_INLINE V::F LoadKept(const float* x) { return V::Load(x); }
ERATO_INLINE V::F LoadKept(const uint16_t* x) { return V::LoadHalf(x); }

/// s[i][n] += a[n] · b[i]: whichever of the two is fewer stays in registers.
template <int N, int kVectors, class T>
ERATO_INLINE void MulAdd(const float* a, int64_t a_stride, const T* b, V::F (*s)[N]) {
  if constexpr (N > kVectors) {
    V::F x[kVectors];
    for (int i = 0; i < kVectors; i++) x[i] = LoadKept(b + i * V::kLanes);
    for (int n = 0; n < N; n++) {
      const V::F one = V::Set(a[n * a_stride]);
      for (int i = 0; i < kVectors; i++) s[i][n] = V::Fma(one, x[i], s[i][n]);
    }
  } else {
    V::F x[N];
    for (int n = 0; n < N; n++) x[n] = V::Set(a[n * a_stride]);
    for (int i = 0; i < kVectors; i++) {
      const V::F one = LoadKept(b + i * V::kLanes);
      for (int n = 0; n < N; n++) s[i][n] = V::Fma(x[n], one, s[i][n]);
    }
  }
}

/// scores[n][32] of N queries against one page, kVectors vectors of positions at a time.
template <int N, int kVectors, class T>
ERATO_INLINE void Scores(const float* q, int64_t k_width, const T* k, float* scores) {
  for (int p = 0; p < kPage; p += kVectors * V::kLanes) {
    V::F s[kVectors][N];
    for (int i = 0; i < kVectors; i++)
      for (int n = 0; n < N; n++) s[i][n] = V::Zero();
    for (int64_t e = 0; e < k_width; e++) MulAdd<N, kVectors>(q + e, k_width, k + e * kPage + p, s);
    for (int n = 0; n < N; n++)
      for (int i = 0; i < kVectors; i++) V::Store(scores + n * kPage + p + i * V::kLanes, s[i][n]);
  }
}

/// o[n][c] += Σ p[n][i] · v[i][c] for positions [begin, end) of a page and kVectors vectors of
/// columns from c on.
template <int N, int kVectors, class T>
ERATO_INLINE void ValueColumns(const float* p, int begin, int end, const T* v, int64_t v_width,
                               int64_t c, float* o) {
  V::F s[kVectors][N];
  for (int n = 0; n < N; n++)
    for (int i = 0; i < kVectors; i++) s[i][n] = V::Load(o + n * v_width + c + i * V::kLanes);
  for (int at = begin; at < end; at++) MulAdd<N, kVectors>(p + at, kPage, v + at * v_width + c, s);
  for (int n = 0; n < N; n++)
    for (int i = 0; i < kVectors; i++) V::Store(o + n * v_width + c + i * V::kLanes, s[i][n]);
}

template <int N, int kVectors, class T>
ERATO_INLINE void Values(const float* p, int begin, int end, const T* v, int64_t v_width,
                         float* o) {
  int64_t c = 0;
  for (; c + kVectors * V::kLanes <= v_width; c += kVectors * V::kLanes)
    ValueColumns<N, kVectors>(p, begin, end, v, v_width, c, o);
  for (; c + V::kLanes <= v_width; c += V::kLanes)
    ValueColumns<N, 1>(p, begin, end, v, v_width, c, o);
  if (c == v_width) return;
  for (int i = begin; i < end; i++) {
    T kept[V::kLanes] = {};
    float row[V::kLanes];
    memcpy(kept, v + i * v_width + c, (v_width - c) * sizeof(T));
    V::Store(row, LoadKept(kept));
    for (int n = 0; n < N; n++)
      for (int64_t j = 0; c + j < v_width; j++) o[n * v_width + c + j] += p[n * kPage + i] * row[j];
  }
}

/// N queries against one page, scores or values. Few queries take more vectors each, so that enough
/// sums are under way to hide the latency of an addition.
template <int N, class T>
struct Queries {
  static constexpr int kMost = kPage / V::kLanes;  // vectors of a page
  static constexpr int kVectors = N <= 3 ? (kMost < 4 ? kMost : 4) : 2;
  static __attribute__((noinline)) void Score(const AttendTile& t, int64_t n, const T* k) {
    Scores<N, kVectors>(t.q + n * t.k_width, t.k_width, k, t.scores + n * kPage);
  }
  static __attribute__((noinline)) void Mix(const AttendTile& t, int64_t n, int begin, int end,
                                            const T* v) {
    Values<N, kVectors>(t.scores + n * kPage, begin, end, v, t.v_width, t.o + n * t.v_width);
  }
};

/// f(Queries<N, T>, n) over all queries, six at a time, then fewer.
template <class T, class F>
ERATO_INLINE void ByQueries(int64_t count, F f) {
  int64_t n = 0;
  for (; n + 6 <= count; n += 6) f(Queries<6, T>(), n);
  if (n + 4 <= count) f(Queries<4, T>(), n), n += 4;
  if (n + 3 == count) return f(Queries<3, T>(), n);
  if (n + 2 == count) return f(Queries<2, T>(), n);
  if (n + 1 == count) f(Queries<1, T>(), n);
}

/// value for the positions of a page that a query may not see: those before `from` and after `to`.
ERATO_INLINE void Hide(float* s, int32_t from, int32_t to, float value) {
  for (int i = 0; i < from && i < kPage; i++) s[i] = value;
  for (int i = to + 1 > 0 ? to + 1 : 0; i < kPage; i++) s[i] = value;
}

constexpr int kPageVectors = kPage / V::kLanes;

/// A page of a query's scores p becomes exp(p − top) in s, with top raised as needed, and sum and o
/// scaled with it. Those of positions outside [from, to], which it may not see, become 0.
ERATO_INLINE void Soften(V::F (&p)[kPageVectors], int32_t from, int32_t to, float* s, float& top,
                         float& sum, float* o, int64_t v_width) {
  const bool hidden = from > 0 || to < kPage - 1;
  const auto hide = [&](float value) {
    for (int i = 0; i < kPageVectors; i++) V::Store(s + i * V::kLanes, p[i]);
    Hide(s, from, to, value);
    for (int i = 0; i < kPageVectors; i++) p[i] = V::Load(s + i * V::kLanes);
  };
  if (hidden) hide(kUnseen);
  V::F greatest = p[0];
  for (int i = 1; i < kPageVectors; i++) greatest = V::Max(greatest, p[i]);
  const float page_top = V::MaxOf(greatest);
  if (page_top > top) {
    const float less = top <= kUnseen ? 0 : __builtin_expf(top - page_top);
    sum *= less;
    Map(o, o, v_width, o, [less](V::F a, V::F) { return V::Mul(a, V::Set(less)); });
    top = page_top;
  }
  for (int i = 0; i < kPageVectors; i++) p[i] = Exp(V::Sub(p[i], V::Set(top)));
  if (hidden) {
    hide(0);  // what is not seen counts nothing, not exp(−87)
  } else {
    for (int i = 0; i < kPageVectors; i++) V::Store(s + i * V::kLanes, p[i]);
  }
  V::F page_sum = p[0];
  for (int i = 1; i < kPageVectors; i++) page_sum = V::Add(page_sum, p[i]);
  sum += V::Sum(page_sum);
}

ERATO_INLINE void SoftenKept(const AttendTile& t, int64_t n, int32_t page_begin) {
  float* s = t.scores + n * kPage;
  V::F p[kPageVectors];
  for (int i = 0; i < kPageVectors; i++) p[i] = V::Load(s + i * V::kLanes);
  Soften(p, t.first[n] - page_begin, t.last[n] - page_begin, s, t.top[n], t.sum[n],
         t.o + n * t.v_width, t.v_width);
}

template <class T>
void AttendKept(const AttendTile& t) {
  for (int64_t n = 0; n < t.n; n++) {
    t.top[n] = kUnseen;
    t.sum[n] = 0;
    for (int64_t c = 0; c < t.v_width; c++) t.o[n * t.v_width + c] = 0;
  }
  for (int32_t page = t.begin / kPage; page * kPage < t.end; page++) {
    const uint8_t* at = t.pages[t.blocks[page]];
    const T* k = reinterpret_cast<const T*>(at + t.k_offset);
    const T* v = reinterpret_cast<const T*>(at + t.v_offset);
    const int32_t page_begin = page * kPage;
    const int begin = t.begin > page_begin ? t.begin - page_begin : 0;
    const int end = t.end - page_begin < kPage ? t.end - page_begin : kPage;
    ByQueries<T>(t.n, [&](auto queries, int64_t n) { queries.Score(t, n, k); });
    for (int64_t n = 0; n < t.n; n++) SoftenKept(t, n, page_begin);
    ByQueries<T>(t.n, [&](auto queries, int64_t n) { queries.Mix(t, n, begin, end, v); });
  }
}

void Attend(const AttendTile& t) {
  if (t.wide) {
    AttendKept<float>(t);
  } else {
    AttendKept<uint16_t>(t);
  }
}

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
