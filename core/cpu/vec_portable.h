// Vector primitives in the compiler's own vector types, for any processor: ERATO_CPU_LANES lanes, a
// power of two. With ERATO_CPU_UNSIGNED_BYTES they lay bytes out and sum them as VNNI does, with
// ERATO_CPU_BF16 they round to bfloat16 and sum pairs of it, so that the algorithms of wider
// instruction sets can be tested on machines that lack them.
#include <stdint.h>
#include <string.h>

#define ERATO_INLINE inline __attribute__((always_inline))

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

struct V {
  static constexpr int kLanes = ERATO_CPU_LANES;
  static constexpr int kIntTokens = 4, kFloatTokens = 4;
#ifdef ERATO_CPU_UNSIGNED_BYTES
  static constexpr bool kUnsignedBytes = true;
#else
  static constexpr bool kUnsignedBytes = false;
#endif
  typedef float F __attribute__((vector_size(4 * kLanes)));
  typedef int32_t I __attribute__((vector_size(4 * kLanes)));
  typedef uint32_t U __attribute__((vector_size(4 * kLanes)));
  typedef int16_t I16 __attribute__((vector_size(4 * kLanes)));
  typedef uint16_t U16 __attribute__((vector_size(4 * kLanes)));
  typedef uint8_t U8 __attribute__((vector_size(4 * kLanes)));
  typedef uint16_t Half __attribute__((vector_size(2 * kLanes)));
  typedef int8_t Small __attribute__((vector_size(kLanes)));

  template <class T>
  static ERATO_INLINE T LoadAs(const void* p) {
    T x;
    memcpy(&x, p, sizeof x);
    return x;
  }
  static ERATO_INLINE F Zero() { return F{}; }
  static ERATO_INLINE F Set(float x) { return x - F{}; }
  static ERATO_INLINE F Load(const float* p) { return LoadAs<F>(p); }
  static ERATO_INLINE void Store(float* p, F x) { memcpy(p, &x, sizeof x); }
  static ERATO_INLINE I Choose(I mask, I a, I b) { return (mask & a) | (~mask & b); }

  /// float16 to float32: shift exponent and fraction into place, then scale by 2^112, which is
  /// exact for subnormals too.
  static ERATO_INLINE F LoadHalf(const uint16_t* p) {
    const U h = __builtin_convertvector(LoadAs<Half>(p), U);
    const U magnitude = (h & 0x7fffu) << 13;
    const F scaled = reinterpret_cast<F>(magnitude) * 0x1p112f;
    const U special =
        reinterpret_cast<U>(reinterpret_cast<I>(magnitude) >= 0x0f800000) & 0x7f800000u;
    return reinterpret_cast<F>(reinterpret_cast<U>(scaled) | special | ((h & 0x8000u) << 16));
  }
  /// float32 to float16, to nearest even. A subnormal result gets its rounding from the addition of
  /// 0.5, whose last place is that of a float16 subnormal.
  static ERATO_INLINE void StoreHalf(uint16_t* p, F x) {
    const U bits = reinterpret_cast<U>(x), sign = (bits >> 16) & 0x8000u, a = bits & 0x7fffffffu;
    const U normal = (a + 0xc8000fffu + ((a >> 13) & 1u)) >> 13;
    const U tiny = reinterpret_cast<U>(reinterpret_cast<F>(a) + 0.5f) - 0x3f000000u;
    const I ia = reinterpret_cast<I>(a);
    I r = Choose(ia < 0x38800000, reinterpret_cast<I>(tiny), reinterpret_cast<I>(normal));
    r = Choose(ia >= 0x477ff000, I{} + 0x7c00, r);
    r = Choose(ia > 0x7f800000, I{} + 0x7e00, r);
    const Half h = __builtin_convertvector(reinterpret_cast<U>(r) | sign, Half);
    memcpy(p, &h, sizeof h);
  }
  static ERATO_INLINE F LoadBrain(const uint16_t* p) {
    return reinterpret_cast<F>(__builtin_convertvector(LoadAs<Half>(p), U) << 16);
  }
#ifdef ERATO_CPU_BF16
  /// float32 to bfloat16, to nearest even; what is not a number stays none.
  static ERATO_INLINE void StoreBrain(uint16_t* p, F x) {
    const U bits = reinterpret_cast<U>(x), rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    const I nan = reinterpret_cast<I>(bits & 0x7fffffffu) > 0x7f800000;
    const I r =
        Choose(nan, reinterpret_cast<I>((bits >> 16) | 0x40u), reinterpret_cast<I>(rounded));
    const Half h = __builtin_convertvector(reinterpret_cast<U>(r), Half);
    memcpy(p, &h, sizeof h);
  }
  static ERATO_INLINE F DotPairs(F sum, I w, I a) {
    const U x = reinterpret_cast<U>(w), y = reinterpret_cast<U>(a);
    sum += reinterpret_cast<F>(x & 0xffff0000u) * reinterpret_cast<F>(y & 0xffff0000u);
    return sum + reinterpret_cast<F>(x << 16) * reinterpret_cast<F>(y << 16);
  }
#endif
  static ERATO_INLINE F Add(F a, F b) { return a + b; }
  static ERATO_INLINE F Sub(F a, F b) { return a - b; }
  static ERATO_INLINE F Mul(F a, F b) { return a * b; }
  static ERATO_INLINE F Div(F a, F b) { return a / b; }
  static ERATO_INLINE F Fma(F a, F b, F c) { return a * b + c; }
  static ERATO_INLINE F Max(F a, F b) { return FromBits(Choose(a > b, Bits(a), Bits(b))); }
  static ERATO_INLINE F Min(F a, F b) { return FromBits(Choose(a < b, Bits(a), Bits(b))); }
  static ERATO_INLINE F Abs(F a) { return FromBits(Bits(a) & 0x7fffffff); }
  static ERATO_INLINE float Sum(F a) {
    float s = 0;
    for (int i = 0; i < kLanes; i++) s += a[i];
    return s;
  }
  static ERATO_INLINE float MaxOf(F a) {
    float m = a[0];
    for (int i = 1; i < kLanes; i++) m = a[i] > m ? a[i] : m;
    return m;
  }

  static ERATO_INLINE I SetInt(int32_t x) { return I{} + x; }
  /// Adding 1.5 · 2^23 leaves the nearest integer in the low bits, for |x| < 2^22.
  static ERATO_INLINE I Nearest(F x) { return AddInt(Bits(x + 0x1.8p23f), SetInt(-0x4b400000)); }
  static ERATO_INLINE F ToFloat(I x) { return __builtin_convertvector(x, F); }
  static ERATO_INLINE I Bits(F x) { return reinterpret_cast<I>(x); }
  static ERATO_INLINE F FromBits(I x) { return reinterpret_cast<F>(x); }
  static ERATO_INLINE I AddInt(I a, I b) {
    return reinterpret_cast<I>(reinterpret_cast<U>(a) + reinterpret_cast<U>(b));
  }
  static ERATO_INLINE I MaxInt(I a, I b) { return Choose(a > b, a, b); }
  static ERATO_INLINE I Shl23(I a) { return reinterpret_cast<I>(reinterpret_cast<U>(a) << 23); }
  static ERATO_INLINE int32_t SumInt(I a) {
    int32_t s = 0;
    for (int i = 0; i < kLanes; i++) s += a[i];
    return s;
  }
  static ERATO_INLINE void StoreInt8(int8_t* p, I x) {
    const Small s = __builtin_convertvector(x, Small);
    memcpy(p, &s, sizeof s);
  }

  static ERATO_INLINE I LoadBytes(const uint8_t* p) { return LoadAs<I>(p); }
  static ERATO_INLINE void StoreBytes(uint8_t* p, I x) { memcpy(p, &x, sizeof x); }
  static ERATO_INLINE I Four(const int8_t* p) { return I{} + LoadAs<int32_t>(p); }
  static ERATO_INLINE I LowNibbles(I x) { return x & 0x0f0f0f0f; }
  static ERATO_INLINE I HighNibbles(I x) {
    return reinterpret_cast<I>(reinterpret_cast<U>(x) >> 4) & 0x0f0f0f0f;
  }
  // Arithmetic is done unsigned: it wraps as it should, and products of 16 bits need their low half
  // only.
  static ERATO_INLINE U16 Even(I x) {
    return reinterpret_cast<U16>(reinterpret_cast<I16>(reinterpret_cast<U16>(x) << 8) >> 8);
  }
  static ERATO_INLINE U16 Odd(I x) { return reinterpret_cast<U16>(reinterpret_cast<I16>(x) >> 8); }
  /// The sum of the two signed halves of each lane.
  static ERATO_INLINE U Widen(U16 pairs) {
    const U x = reinterpret_cast<U>(pairs);
    return reinterpret_cast<U>(reinterpret_cast<I>(x << 16) >> 16) +
           reinterpret_cast<U>(reinterpret_cast<I>(x) >> 16);
  }

#ifdef ERATO_CPU_UNSIGNED_BYTES
  struct Dot4 {
    U sum;
    ERATO_INLINE void Start(I zero) { sum = reinterpret_cast<U>(zero); }
    ERATO_INLINE void Step(I w, I a) {
      const U16 even = reinterpret_cast<U16>(w) & 0xff, odd = reinterpret_cast<U16>(w) >> 8;
      sum += Widen(even * Even(a)) + Widen(odd * Odd(a));
    }
    ERATO_INLINE I Total(I) const { return reinterpret_cast<I>(sum); }
  };
  using Dot8 = Dot4;
#else
  struct Dot4 {  // two products a step and lane: 8 steps stay below 16 · 15 · 127 < 2^15
    U16 sum;
    ERATO_INLINE void Start(I) { sum = U16{}; }
    ERATO_INLINE void Step(I w, I a) { sum += Even(w) * Even(a) + Odd(w) * Odd(a); }
    ERATO_INLINE I Total(I zero) const { return AddInt(zero, reinterpret_cast<I>(Widen(sum))); }
  };
  struct Dot8 {  // 2 · 128 · 127 < 2^15
    U sum;
    ERATO_INLINE void Start(I) { sum = U{}; }
    ERATO_INLINE void Step(I w, I a) { sum += Widen(Even(w) * Even(a) + Odd(w) * Odd(a)); }
    ERATO_INLINE I Total(I zero) const { return AddInt(zero, reinterpret_cast<I>(sum)); }
  };
#endif
};

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
