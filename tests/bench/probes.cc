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

// Eight independent sums hide every latency; the empty asm keeps the compiler from folding equal
// ones.
#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void FmaLoop() {
  __m256 s[8];
  for (__m256& x : s) x = _mm256_set1_ps(1);
  const __m256 a = _mm256_set1_ps(0.5f);
  for (int64_t i = 0; i < kLoops; i++)
    for (__m256& x : s) {
      x = _mm256_fmadd_ps(a, a, x);
      asm volatile("" : "+x"(x));
    }
}
__attribute__((target("avx2"))) void ByteLoop() {
  __m256i s[8];
  for (__m256i& x : s) x = _mm256_set1_epi8(1);
  __m256i a = _mm256_set1_epi8(3);
  for (int64_t i = 0; i < kLoops; i++)
    for (__m256i& x : s) {
      asm volatile("" : "+x"(a));
      x = _mm256_add_epi16(x, _mm256_maddubs_epi16(a, a));
      asm volatile("" : "+x"(x));
    }
}
__attribute__((target("avx512f,avx512vnni"))) void WideByteLoop() {
  __m512i s[8];
  for (__m512i& x : s) x = _mm512_set1_epi32(1);
  const __m512i a = _mm512_set1_epi32(0x03030303);
  for (int64_t i = 0; i < kLoops; i++)
    for (__m512i& x : s) {
      x = _mm512_dpbusd_epi32(x, a, a);
      asm volatile("" : "+v"(x));
    }
}
__attribute__((target("avx512f"))) void WideFmaLoop() {
  __m512 s[8];
  for (__m512& x : s) x = _mm512_set1_ps(1);
  const __m512 a = _mm512_set1_ps(0.5f);
  for (int64_t i = 0; i < kLoops; i++)
    for (__m512& x : s) {
      x = _mm512_fmadd_ps(a, a, x);
      asm volatile("" : "+v"(x));
    }
}
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
  const double loops = static_cast<double>(kLoops) * 8 * threads * 1e-9;
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
