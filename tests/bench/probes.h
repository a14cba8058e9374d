// What this machine can do at most: the yardsticks that benches are divided by.
#ifndef ERATO_TESTS_BENCH_PROBES_H_
#define ERATO_TESTS_BENCH_PROBES_H_

namespace erato::bench {

struct Limits {
  double read_gb_s = 0;    // reading memory that no cache holds
  double int8_gop_s = 0;   // dot products of bytes in registers, by the widest instructions there
                           // are (a product and a sum = 2)
  double fma_gflop_s = 0;  // float32 fused multiply-adds in registers
};

/// Best of a few short passes of `threads` threads at once.
Limits MeasureLimits(int threads);

}  // namespace erato::bench

#endif  // ERATO_TESTS_BENCH_PROBES_H_
