// Which instruction sets there are kernels for, and which of them this processor can run.
#ifndef ERATO_CORE_CPU_ISA_H_
#define ERATO_CORE_CPU_ISA_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/cpu/kernels.h"

namespace erato::cpu {

/// Narrowest first: "portable", "avx2", "avx512", "avx512_bf16".
std::vector<std::string> IsaNames();
/// Those that this build has and this processor and operating system can run; never empty.
std::vector<std::string> UsableIsaNames();
/// The widest usable set for "auto", else the one named. INVALID_ARGUMENT names the known or the
/// usable ones.
absl::StatusOr<const Kernels*> ChooseKernels(std::string_view isa);

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_ISA_H_
