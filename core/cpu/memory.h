// Where all memory of more than a few kilobytes comes from.
#ifndef ERATO_CORE_CPU_MEMORY_H_
#define ERATO_CORE_CPU_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"

namespace erato::cpu {

/// 64-byte-aligned memory, or null where it is short. Not cleared.
void* AllocateLarge(size_t bytes);
void FreeLarge(void* memory);

struct FreeLargeDeleter {
  void operator()(void* memory) const { FreeLarge(memory); }
};

/// An owned array of bytes, 64-byte-aligned.
class Buffer {
 public:
  Buffer() = default;
  /// RESOURCE_EXHAUSTED that names `what` and the size where memory is short.
  static absl::StatusOr<Buffer> Make(size_t bytes, const char* what);

  size_t bytes() const { return bytes_; }
  uint8_t* data() const { return memory_.get(); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(memory_.get());
  }

 private:
  std::unique_ptr<uint8_t, FreeLargeDeleter> memory_;
  size_t bytes_ = 0;
};

constexpr size_t RoundUp(size_t n, size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_MEMORY_H_
