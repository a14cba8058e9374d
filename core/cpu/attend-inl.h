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

/// scores[n][32] of N queries against one page.
template <int N>
ERATO_INLINE void Scores(const float* q, int64_t k_width, const uint16_t* k, float* scores) {
  for (int p = 0; p < kPage; p += 2 * V::kLanes) {
    V::F s[2][N];
    for (int n = 0; n < N; n++) s[0][n] = s[1][n] = V::Zero();
    for (int64_t e = 0; e < k_width; e++) {
      const V::F k0 = V::LoadHalf(k + e * kPage + p),
                 k1 = V::LoadHalf(k + e * kPage + p + V::kLanes);
      for (int n = 0; n < N; n++) {
        const V::F a = V::Set(q[n * k_width + e]);
        s[0][n] = V::Fma(a, k0, s[0][n]);
        s[1][n] = V::Fma(a, k1, s[1][n]);
      }
    }
    for (int n = 0; n < N; n++) {
      V::Store(scores + n * kPage + p, s[0][n]);
      V::Store(scores + n * kPage + p + V::kLanes, s[1][n]);
    }
  }
}

/// o[n] += Σ p[n][i] · v[i] for positions [begin, end) of a page.
template <int N>
ERATO_INLINE void Values(const float* p, int begin, int end, const uint16_t* v, int64_t v_width,
                         float* o) {
  int64_t c = 0;
  for (; c + 2 * V::kLanes <= v_width; c += 2 * V::kLanes) {
    V::F s[2][N];
    for (int n = 0; n < N; n++) {
      s[0][n] = V::Load(o + n * v_width + c);
      s[1][n] = V::Load(o + n * v_width + c + V::kLanes);
    }
    for (int i = begin; i < end; i++) {
      const V::F v0 = V::LoadHalf(v + i * v_width + c),
                 v1 = V::LoadHalf(v + i * v_width + c + V::kLanes);
      for (int n = 0; n < N; n++) {
        const V::F a = V::Set(p[n * kPage + i]);
        s[0][n] = V::Fma(a, v0, s[0][n]);
        s[1][n] = V::Fma(a, v1, s[1][n]);
      }
    }
    for (int n = 0; n < N; n++) {
      V::Store(o + n * v_width + c, s[0][n]);
      V::Store(o + n * v_width + c + V::kLanes, s[1][n]);
    }
  }
  if (c == v_width) return;
  for (int i = begin; i < end; i++)
    for (int64_t at = c; at < v_width; at += V::kLanes) {
      const int64_t width = v_width - at < V::kLanes ? v_width - at : V::kLanes;
      uint16_t halves[V::kLanes] = {};
      float row[V::kLanes];
      memcpy(halves, v + i * v_width + at, width * sizeof(uint16_t));
      V::Store(row, V::LoadHalf(halves));
      for (int n = 0; n < N; n++)
        for (int64_t j = 0; j < width; j++) o[n * v_width + at + j] += p[n * kPage + i] * row[j];
    }
}

/// Turns scores into exp(s − top), with top raised as needed and o and sum scaled with it.
ERATO_INLINE void Soften(const AttendTile& t, int64_t n, int32_t page_begin) {
  float* s = t.scores + n * kPage;
  const int32_t from = t.first[n] - page_begin,
                to = t.last[n] - page_begin;  // seen positions of this page
  for (int i = 0; i < from && i < kPage; i++) s[i] = kUnseen;
  for (int i = to + 1 > 0 ? to + 1 : 0; i < kPage; i++) s[i] = kUnseen;
  V::F greatest = V::Load(s);
  for (int i = V::kLanes; i < kPage; i += V::kLanes) greatest = V::Max(greatest, V::Load(s + i));
  const float top = V::MaxOf(greatest);
  if (top > t.top[n]) {
    const float less = t.top[n] <= kUnseen ? 0 : __builtin_expf(t.top[n] - top);
    t.sum[n] *= less;
    float* o = t.o + n * t.v_width;
    Map(o, o, t.v_width, o, [less](V::F a, V::F) { return V::Mul(a, V::Set(less)); });
    t.top[n] = top;
  }
  V::F sum = V::Zero();
  for (int i = 0; i < kPage; i += V::kLanes) {
    const V::F p = Exp(V::Sub(V::Load(s + i), V::Set(t.top[n])));
    V::Store(s + i, p);
  }
  // Unseen positions count nothing, not exp(−87).
  for (int i = 0; i < from && i < kPage; i++) s[i] = 0;
  for (int i = to + 1 > 0 ? to + 1 : 0; i < kPage; i++) s[i] = 0;
  for (int i = 0; i < kPage; i += V::kLanes) sum = V::Add(sum, V::Load(s + i));
  t.sum[n] += V::Sum(sum);
}

void Attend(const AttendTile& t) {
  for (int64_t n = 0; n < t.n; n++) {
    t.top[n] = kUnseen;
    t.sum[n] = 0;
    for (int64_t c = 0; c < t.v_width; c++) t.o[n * t.v_width + c] = 0;
  }
  for (int32_t page = t.begin / kPage; page * kPage < t.end; page++) {
    const uint8_t* at = t.pages[t.blocks[page]];
    const uint16_t* k = reinterpret_cast<const uint16_t*>(at + t.k_offset);
    const uint16_t* v = reinterpret_cast<const uint16_t*>(at + t.v_offset);
    const int32_t page_begin = page * kPage;
    const int begin = t.begin > page_begin ? t.begin - page_begin : 0;
    const int end = t.end - page_begin < kPage ? t.end - page_begin : kPage;
    int64_t n = 0;
    for (; n + 4 <= t.n; n += 4) Scores<4>(t.q + n * t.k_width, t.k_width, k, t.scores + n * kPage);
    if (n + 2 <= t.n) Scores<2>(t.q + n * t.k_width, t.k_width, k, t.scores + n * kPage), n += 2;
    if (n < t.n) Scores<1>(t.q + n * t.k_width, t.k_width, k, t.scores + n * kPage);
    for (n = 0; n < t.n; n++) Soften(t, n, page_begin);
    for (n = 0; n + 4 <= t.n; n += 4)
      Values<4>(t.scores + n * kPage, begin, end, v, t.v_width, t.o + n * t.v_width);
    if (n + 2 <= t.n)
      Values<2>(t.scores + n * kPage, begin, end, v, t.v_width, t.o + n * t.v_width), n += 2;
    if (n < t.n) Values<1>(t.scores + n * kPage, begin, end, v, t.v_width, t.o + n * t.v_width);
  }
}

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
