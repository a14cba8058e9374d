// The algorithms of the AVX-512 kernels, those of bfloat16 among them, over a portable vector of
// the same width and with the same way of summing: what a machine without AVX-512 can test of
// them. What stays untested there are single intrinsics, for which there is bochs.sh.
#ifndef ERATO_TESTS_CPU_EMULATED_H_
#define ERATO_TESTS_CPU_EMULATED_H_

#include "core/cpu/kernels.h"

namespace erato::cpu {

const Kernels* EmulatedAvx512Kernels();

}  // namespace erato::cpu

#endif  // ERATO_TESTS_CPU_EMULATED_H_
