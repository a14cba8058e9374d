// Which backends there are. The only place outside their own folders that knows devices by name.
#ifndef ERATO_CORE_DEVICE_H_
#define ERATO_CORE_DEVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"

namespace erato {

struct DeviceOptions {
  std::string name = "auto";  // "auto", "cpu", "ref"
  std::string isa = "auto";   // cpu: "auto", or a narrower instruction set of IsaNames()
  int threads = 0;            // 0 = one a physical core that this process may use
};

/// INVALID_ARGUMENT with the known names where `name` or `isa` is unknown or not usable here.
absl::StatusOr<std::unique_ptr<Backend>> NewBackend(const DeviceOptions& options);
/// One line a device, for people and `erato doctor`: name, and what it runs on or why it does not.
struct DeviceDescription {
  std::string name;
  bool usable;
  std::string detail;
};
std::vector<DeviceDescription> DescribeDevices();

}  // namespace erato

#endif  // ERATO_CORE_DEVICE_H_
