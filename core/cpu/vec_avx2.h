// Vector primitives, AVX2 with FMA and F16C: 8 lanes. No VNNI here, so dot products of bytes go
// through 16 bits: maddubs (unsigned × signed, pairs added with saturation) is exact as long as
// pairs stay below 2^15.
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define ERATO_INLINE inline __attribute__((always_inline))

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

struct V {
  using F = __m256;
  using I = __m256i;
  static constexpr int kLanes = 8;
  static constexpr int kIntTokens = 4,
                       kFloatTokens = 6;  // rows of activations a tile: what 16 registers hold
  static constexpr bool kUnsignedBytes = false;

  static ERATO_INLINE F Zero() { return _mm256_setzero_ps(); }
  static ERATO_INLINE F Set(float x) { return _mm256_set1_ps(x); }
  static ERATO_INLINE F Load(const float* p) { return _mm256_loadu_ps(p); }
  static ERATO_INLINE void Store(float* p, F x) { _mm256_storeu_ps(p, x); }
  static ERATO_INLINE F LoadHalf(const uint16_t* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  static ERATO_INLINE void StoreHalf(uint16_t* p, F x) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
  }
  static ERATO_INLINE F LoadBrain(const uint16_t* p) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(x), 16));
  }
  static ERATO_INLINE F Add(F a, F b) { return _mm256_add_ps(a, b); }
  static ERATO_INLINE F Sub(F a, F b) { return _mm256_sub_ps(a, b); }
  static ERATO_INLINE F Mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static ERATO_INLINE F Div(F a, F b) { return _mm256_div_ps(a, b); }
  static ERATO_INLINE F Fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
  static ERATO_INLINE F Max(F a, F b) { return _mm256_max_ps(a, b); }
  static ERATO_INLINE F Min(F a, F b) { return _mm256_min_ps(a, b); }
  static ERATO_INLINE F Abs(F a) { return _mm256_andnot_ps(Set(-0.0f), a); }
  static ERATO_INLINE float Sum(F a) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
  }
  static ERATO_INLINE float MaxOf(F a) {
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
  }

  static ERATO_INLINE I SetInt(int32_t x) { return _mm256_set1_epi32(x); }
  static ERATO_INLINE I Nearest(F x) { return _mm256_cvtps_epi32(x); }
  static ERATO_INLINE F ToFloat(I x) { return _mm256_cvtepi32_ps(x); }
  static ERATO_INLINE I Bits(F x) { return _mm256_castps_si256(x); }
  static ERATO_INLINE F FromBits(I x) { return _mm256_castsi256_ps(x); }
  static ERATO_INLINE I AddInt(I a, I b) { return _mm256_add_epi32(a, b); }
  static ERATO_INLINE I MaxInt(I a, I b) { return _mm256_max_epi32(a, b); }
  static ERATO_INLINE I Shl23(I a) { return _mm256_slli_epi32(a, 23); }
  static ERATO_INLINE int32_t SumInt(I a) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
  }
  static ERATO_INLINE void StoreInt8(int8_t* p, I x) {
    const __m128i h = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packs_epi16(h, h));
  }

  static ERATO_INLINE I LoadBytes(const uint8_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  static ERATO_INLINE void StoreBytes(uint8_t* p, I x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
  }
  static ERATO_INLINE I Four(const int8_t* p) {
    int32_t x;
    memcpy(&x, p, 4);
    return _mm256_set1_epi32(x);
  }
  static ERATO_INLINE I LowNibbles(I x) { return _mm256_and_si256(x, _mm256_set1_epi8(15)); }
  static ERATO_INLINE I HighNibbles(I x) {
    return _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(15));
  }

  // The empty asm keeps the sums in the order written: GCC's reassociation otherwise puts all
  // products off to the end and spills every one of them (a third slower).
  struct Dot4 {  // up to 8 steps fit: 16 · 15 · 127 < 2^15
    I sum;
    ERATO_INLINE void Start(I) { sum = _mm256_setzero_si256(); }
    ERATO_INLINE void Step(I w, I a) {
      sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(w, a));
      asm("" : "+x"(sum));
    }
    ERATO_INLINE I Total(I zero) const {
      return _mm256_add_epi32(zero, _mm256_madd_epi16(sum, _mm256_set1_epi16(1)));
    }
  };
  struct Dot8 {  // |w| as the unsigned side, its sign moved to a: a pair is at most 2 · 128 · 127 <
                 // 2^15
    I sum;
    ERATO_INLINE void Start(I) { sum = _mm256_setzero_si256(); }
    ERATO_INLINE void Step(I w, I a) {
      const I pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(a, w));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
      asm("" : "+x"(sum));
    }
    ERATO_INLINE I Total(I zero) const { return _mm256_add_epi32(zero, sum); }
  };
};

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
