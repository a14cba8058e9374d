// What a loader may allocate for a file that it has not validated yet: the file's size plus a
// constant.
#ifndef ERATO_CORE_BASE_MEMORY_BUDGET_H_
#define ERATO_CORE_BASE_MEMORY_BUDGET_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/base/concat.h"

namespace erato {

/// Charged before each allocation whose size a file decides. A record of 8 bytes on disk can be 50
/// in memory: counting records against what is left of the file is not enough.
class MemoryBudget {
 public:
  static constexpr uint64_t kConstantBytes = uint64_t{12} << 20;

  explicit MemoryBudget(uint64_t file_bytes)
      : left_(file_bytes > UINT64_MAX - kConstantBytes ? UINT64_MAX : file_bytes + kConstantBytes) {
  }

  /// RESOURCE_EXHAUSTED where `count` items of `item_bytes` are more than what is left.
  absl::Status Charge(uint64_t count, uint64_t item_bytes, std::string_view where,
                      std::string_view what) {
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(count, item_bytes, &bytes) || bytes > left_) {
      return absl::ResourceExhaustedError(
          Concat("[", where, "] ", what, ", got ", count,
                 " items, expected no more memory than the size of the file (", left_,
                 " bytes are left)"));
    }
    left_ -= bytes;
    return absl::OkStatus();
  }

 private:
  uint64_t left_;
};

}  // namespace erato

#endif  // ERATO_CORE_BASE_MEMORY_BUDGET_H_
