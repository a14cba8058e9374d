#include "tests/bench/probes.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace erato::bench {
namespace {

double Seconds(int threads, const std::function<void(int)>& work) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (int i = 1; i < threads; i++) others.emplace_back(work, i);
  work(0);
  for (std::thread& thread : others) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double Best(int passes, int threads, const std::function<void(int)>& work) {
  double best = 1e9;
  for (int i = 0; i < passes; i++) best = std::min(best, Seconds(threads, work));
  return best;
}

constexpr int64_t kLoops = 2'000'000;

#if defined(__x86_64__)
// Ten independent sums hide every latency. They are ten variables, since GCC leaves an array in
// memory here; the empty asm keeps it from folding equal ones.
#define ERATO_TEN(DO) DO(s0) DO(s1) DO(s2) DO(s3) DO(s4) DO(s5) DO(s6) DO(s7) DO(s8) DO(s9)
#define ERATO_LOOP(TYPE, ONE, STEP)                                             \
  TYPE s0 = ONE, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0; \
  TYPE s8 = s0, s9 = s0, a = s0;                                                \
  for (int64_t i = 0; i < kLoops; i++) {                                        \
    ERATO_TEN(STEP)                                                             \
  }

__attribute__((target("avx2,fma"))) void FmaLoop() {
#define ERATO_STEP(s)           \
  s = _mm256_fmadd_ps(a, a, s); \
  asm volatile("" : "+x"(s));
  ERATO_LOOP(__m256, _mm256_set1_ps(0.5f), ERATO_STEP)
#undef ERATO_STEP
}
__attribute__((target("avx2"))) void ByteLoop() {
#define ERATO_STEP(s)                                  \
  asm volatile("" : "+x"(a));                          \
  s = _mm256_add_epi16(s, _mm256_maddubs_epi16(a, a)); \
  asm volatile("" : "+x"(s));
  ERATO_LOOP(__m256i, _mm256_set1_epi8(1), ERATO_STEP)
#undef ERATO_STEP
}
__attribute__((target("avx512f,avx512vnni"))) void WideByteLoop() {
#define ERATO_STEP(s)               \
  s = _mm512_dpbusd_epi32(s, a, a); \
  asm volatile("" : "+v"(s));
  ERATO_LOOP(__m512i, _mm512_set1_epi32(0x01010101), ERATO_STEP)
#undef ERATO_STEP
}
__attribute__((target("avx512f"))) void WideFmaLoop() {
#define ERATO_STEP(s)           \
  s = _mm512_fmadd_ps(a, a, s); \
  asm volatile("" : "+v"(s));
  ERATO_LOOP(__m512, _mm512_set1_ps(0.5f), ERATO_STEP)
#undef ERATO_STEP
}
#undef ERATO_LOOP
#undef ERATO_TEN
#endif

double ReadSpeed(int threads) {
  const size_t each = (size_t{256} << 20) / 8 / static_cast<size_t>(threads);
  std::vector<uint64_t> memory(each * static_cast<size_t>(threads), 1);
  std::vector<uint64_t> sums(static_cast<size_t>(threads) * 8);
  const double seconds = Best(5, threads, [&](int i) {
    const uint64_t* p = memory.data() + each * static_cast<size_t>(i);
    uint64_t s[8] = {};
    for (size_t k = 0; k + 8 <= each; k += 8)
      for (size_t j = 0; j < 8; j++) s[j] += p[k + j];
    for (const uint64_t part : s) sums[static_cast<size_t>(i) * 8] += part;
  });
  return sums[0] == 0 ? 0 : static_cast<double>(memory.size()) * 8 / seconds * 1e-9;
}

}  // namespace

Limits MeasureLimits(int threads) {
  Limits limits;
  limits.read_gb_s = ReadSpeed(threads);
#if defined(__x86_64__)
  __builtin_cpu_init();
  const double loops = static_cast<double>(kLoops) * 10 * threads * 1e-9;
  if (__builtin_cpu_supports("avx512vnni")) {
    limits.int8_gop_s = loops * 128 / Best(5, threads, [](int) { WideByteLoop(); });
    limits.fma_gflop_s = loops * 32 / Best(5, threads, [](int) { WideFmaLoop(); });
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    limits.int8_gop_s = loops * 64 / Best(5, threads, [](int) { ByteLoop(); });
    limits.fma_gflop_s = loops * 16 / Best(5, threads, [](int) { FmaLoop(); });
  }
#endif
  return limits;
}

}  // namespace erato::bench
