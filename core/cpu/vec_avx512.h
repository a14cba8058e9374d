// Vector primitives, AVX-512 (F, BW, DQ, VL) with VNNI: 16 lanes. dpbusd adds four products of
// unsigned and signed bytes to 32 bits, so weights lie as unsigned bytes and the sum starts at
// what their offset costs. With ERATO_CPU_BF16 there are sums of pairs of bfloat16 too. Single
// intrinsics throughout: the algorithms above them run in the tests over a portable vector of the
// same width, and they themselves on an emulated processor (tests/cpu/bochs.sh).
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define ERATO_INLINE inline __attribute__((always_inline))

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

struct V {
  using F = __m512;
  using I = __m512i;
  static constexpr int kLanes = 16;
  static constexpr int kIntTokens = 6,
                       kFloatTokens = 8;  // rows of activations a tile: what 32 registers hold
  static constexpr bool kUnsignedBytes = true;

  static ERATO_INLINE F Zero() { return _mm512_setzero_ps(); }
  static ERATO_INLINE F Set(float x) { return _mm512_set1_ps(x); }
  static ERATO_INLINE F Load(const float* p) { return _mm512_loadu_ps(p); }
  static ERATO_INLINE void Store(float* p, F x) { _mm512_storeu_ps(p, x); }
  static ERATO_INLINE F LoadHalf(const uint16_t* p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  static ERATO_INLINE void StoreHalf(uint16_t* p, F x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
  }
  static ERATO_INLINE F LoadBrain(const uint16_t* p) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
  }
#ifdef ERATO_CPU_BF16
  static ERATO_INLINE void StoreBrain(uint16_t* p, F x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)));
  }
  /// sum + both products of each lane's pairs of bfloat16; subnormals count as zero.
  static ERATO_INLINE F DotPairs(F sum, I w, I a) {
    return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(w), reinterpret_cast<__m512bh>(a));
  }
#endif
  static ERATO_INLINE F Add(F a, F b) { return _mm512_add_ps(a, b); }
  static ERATO_INLINE F Sub(F a, F b) { return _mm512_sub_ps(a, b); }
  static ERATO_INLINE F Mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static ERATO_INLINE F Div(F a, F b) { return _mm512_div_ps(a, b); }
  static ERATO_INLINE F Fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
  static ERATO_INLINE F Max(F a, F b) { return _mm512_max_ps(a, b); }
  static ERATO_INLINE F Min(F a, F b) { return _mm512_min_ps(a, b); }
  static ERATO_INLINE F Abs(F a) { return _mm512_abs_ps(a); }
  static ERATO_INLINE float Sum(F a) { return _mm512_reduce_add_ps(a); }
  static ERATO_INLINE float MaxOf(F a) { return _mm512_reduce_max_ps(a); }

  static ERATO_INLINE I SetInt(int32_t x) { return _mm512_set1_epi32(x); }
  static ERATO_INLINE I Nearest(F x) { return _mm512_cvtps_epi32(x); }
  static ERATO_INLINE F ToFloat(I x) { return _mm512_cvtepi32_ps(x); }
  static ERATO_INLINE I Bits(F x) { return _mm512_castps_si512(x); }
  static ERATO_INLINE F FromBits(I x) { return _mm512_castsi512_ps(x); }
  static ERATO_INLINE I AddInt(I a, I b) { return _mm512_add_epi32(a, b); }
  static ERATO_INLINE I MaxInt(I a, I b) { return _mm512_max_epi32(a, b); }
  static ERATO_INLINE I Shl23(I a) { return _mm512_slli_epi32(a, 23); }
  static ERATO_INLINE int32_t SumInt(I a) { return _mm512_reduce_add_epi32(a); }
  static ERATO_INLINE void StoreInt8(int8_t* p, I x) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtsepi32_epi8(x));
  }

  static ERATO_INLINE I LoadBytes(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static ERATO_INLINE void StoreBytes(uint8_t* p, I x) { _mm512_storeu_si512(p, x); }
  static ERATO_INLINE I Four(const int8_t* p) {
    int32_t x;
    memcpy(&x, p, 4);
    return _mm512_set1_epi32(x);
  }
  static ERATO_INLINE I LowNibbles(I x) { return _mm512_and_si512(x, _mm512_set1_epi8(15)); }
  static ERATO_INLINE I HighNibbles(I x) {
    return _mm512_and_si512(_mm512_srli_epi16(x, 4), _mm512_set1_epi8(15));
  }

  struct Dot4 {
    I sum;
    ERATO_INLINE void Start(I zero) { sum = zero; }
    ERATO_INLINE void Step(I w, I a) { sum = _mm512_dpbusd_epi32(sum, w, a); }
    ERATO_INLINE I Total(I) const { return sum; }
  };
  using Dot8 = Dot4;
};

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
