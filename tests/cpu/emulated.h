// The algorithms of the AVX-512 kernels over a portable vector of the same width and with the same
// way of summing bytes: what a machine without AVX-512 can test of them. What stays untested there
// are single intrinsics.
#ifndef ERATO_TESTS_CPU_EMULATED_H_
#define ERATO_TESTS_CPU_EMULATED_H_

#include "core/cpu/kernels.h"

namespace erato::cpu {

const Kernels* EmulatedAvx512Kernels();

}  // namespace erato::cpu

#endif  // ERATO_TESTS_CPU_EMULATED_H_
