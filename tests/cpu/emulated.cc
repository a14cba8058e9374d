#include "tests/cpu/emulated.h"

#define ERATO_CPU_ISA emulated
#define ERATO_CPU_NAME "emulated avx512_bf16"
#define ERATO_CPU_LANES 16
#define ERATO_CPU_UNSIGNED_BYTES
#define ERATO_CPU_BF16
#include "core/cpu/vec_portable.h"
// The vector first, then what is written over it.
#include "core/cpu/linear-inl.h"
#include "core/cpu/rows-inl.h"
// Attention uses the exponential of rows.
#include "core/cpu/attend-inl.h"
#include "core/cpu/attend_rows-inl.h"
// All of them.
#include "core/cpu/table-inl.h"

namespace erato::cpu {

const Kernels* EmulatedAvx512Kernels() { return &emulated::kTable; }

}  // namespace erato::cpu
