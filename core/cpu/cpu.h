// The fast backend for CPUs: a team of threads that all walk the same forward pass, and kernels for
// the widest instruction set that the processor has.
#ifndef ERATO_CORE_CPU_CPU_H_
#define ERATO_CORE_CPU_CPU_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/cpu/isa.h"
#include "core/ops/ops.h"

namespace erato::cpu {

struct CpuOptions {
  std::string isa = "auto";  // or one of IsaNames()
  int threads = 0;           // 0 = one a physical core that this process may use
};

/// INVALID_ARGUMENT where the instruction set is unknown or not usable here, or threads are out of
/// range.
absl::StatusOr<std::unique_ptr<Backend>> NewCpuBackend(const CpuOptions& options);
/// The same with a table of kernels of the caller's: for tests.
std::unique_ptr<Backend> NewCpuBackend(const Kernels& kernels, int threads);

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_CPU_H_
