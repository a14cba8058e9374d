#include "core/device.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/cpu/cpu.h"
#include "core/ref/ref.h"

namespace erato {

absl::StatusOr<std::unique_ptr<Backend>> NewBackend(const DeviceOptions& options) {
  if (options.name == "cpu" || options.name == "auto")
    return cpu::NewCpuBackend({options.isa, options.threads});
  if (options.name == "ref") return NewRefBackend();
  return absl::InvalidArgumentError(
      absl::StrCat("[device] name, got ", options.name, ", expected auto, cpu or ref"));
}

std::vector<DeviceDescription> DescribeDevices() {
  const absl::StatusOr<std::unique_ptr<Backend>> backend = cpu::NewCpuBackend(cpu::CpuOptions{});
  DeviceDescription device{"cpu", backend.ok(), ""};
  device.detail = backend.ok() ? absl::StrCat((*backend)->Describe(), "; instruction sets: ",
                                              absl::StrJoin(cpu::UsableIsaNames(), ", "))
                               : std::string(backend.status().message());
  return {std::move(device),
          {"ref", true, "scalar, one thread; the reference that others are tested against"}};
}

}  // namespace erato
