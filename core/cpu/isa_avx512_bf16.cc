// Kernels for avx512_bf16.
#include "core/cpu/kernels.h"

#define ERATO_CPU_ISA avx512_bf16
#define ERATO_CPU_NAME "avx512_bf16"
#define ERATO_CPU_BF16

#include "core/cpu/vec_avx512.h"
// The vector first, then what is written over it.
#include "core/cpu/linear-inl.h"
#include "core/cpu/rows-inl.h"
// Attention uses the exponential of rows.
#include "core/cpu/attend-inl.h"
// It shares pages with the one of the cache.
#include "core/cpu/attend_rows-inl.h"
// All of them.
#include "core/cpu/table-inl.h"

namespace erato::cpu {

const Kernels* Avx512Bf16Kernels() { return &avx512_bf16::kTable; }

}  // namespace erato::cpu
