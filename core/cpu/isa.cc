#include "core/cpu/isa.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace erato::cpu {
namespace {

bool HasAvx2() {
#if defined(__x86_64__)
  // The compiler's own support asks the operating system too: whether it saves the wide registers.
  __builtin_cpu_init();
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool half_floats = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
  return half_floats && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool HasAvx512() {
#if defined(__x86_64__)
  return HasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

bool HasAvx512Bf16() {
#if defined(__x86_64__)
  return HasAvx512() && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

struct Isa {
  const char* name;
  bool (*runs)();
  const Kernels* (*kernels)();
};

#if !defined(__x86_64__)
const Kernels* None() { return nullptr; }
constexpr auto Avx2Kernels = None, Avx512Kernels = None, Avx512Bf16Kernels = None;
#endif

constexpr Isa kIsas[] = {
    {"portable", [] { return true; }, PortableKernels},
    {"avx2", HasAvx2, Avx2Kernels},
    {"avx512", HasAvx512, Avx512Kernels},
    {"avx512_bf16", HasAvx512Bf16, Avx512Bf16Kernels},
};

}  // namespace

std::vector<std::string> IsaNames() {
  std::vector<std::string> names;
  for (const Isa& isa : kIsas) names.emplace_back(isa.name);
  return names;
}

std::vector<std::string> UsableIsaNames() {
  std::vector<std::string> names;
  for (const Isa& isa : kIsas)
    if (isa.kernels() != nullptr && isa.runs()) names.emplace_back(isa.name);
  return names;
}

absl::StatusOr<const Kernels*> ChooseKernels(std::string_view isa) {
  const std::vector<std::string> usable = UsableIsaNames();
  const std::string_view wanted = isa == "auto" ? std::string_view(usable.back()) : isa;
  for (const Isa& known : kIsas) {
    if (wanted != known.name) continue;
    if (known.kernels() != nullptr && known.runs()) return known.kernels();
    return absl::InvalidArgumentError(
        absl::StrCat("[cpu] instruction set, got ", std::string(wanted),
                     ", expected one that this processor has: ", absl::StrJoin(usable, ", ")));
  }
  return absl::InvalidArgumentError(absl::StrCat("[cpu] instruction set, got ", std::string(wanted),
                                                 ", expected auto or one of ",
                                                 absl::StrJoin(IsaNames(), ", ")));
}

}  // namespace erato::cpu
