// Where all memory of more than some kilobytes comes from: weights, activations, keys and values,
// scratch. It is the process's own unless the host has put functions of its own in place.
#ifndef ERATO_CORE_BASE_BUFFER_H_
#define ERATO_CORE_BASE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace erato {

/// Who gives large memory and takes it back: functions as C has them, called from any thread.
struct MemorySource {
  /// `bytes` bytes, a multiple of `alignment`, at a multiple of it; null where there are none.
  void* (*allocate)(size_t bytes, size_t alignment, void* user_data);
  void (*release)(void* memory, size_t bytes, void* user_data);
  void* user_data;
};

/// Of every Buffer made from now on; those that are there go back to where they came from. Null
/// functions: the process's own memory. Any thread.
void SetMemorySource(const MemorySource& source);

/// An owned array of bytes, 64-byte-aligned, not cleared.
class Buffer {
 public:
  static constexpr size_t kAlignment = 64;

  /// RESOURCE_EXHAUSTED that names `what` and the size where the source gives nothing, gives what
  /// is not aligned, or throws.
  static absl::StatusOr<Buffer> Make(size_t bytes, std::string_view what);
  Buffer() = default;
  ~Buffer() { Release(); }
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  size_t bytes() const { return bytes_; }
  uint8_t* data() const { return memory_; }
  template <typename T>
  T* as() const {
    return reinterpret_cast<T*>(memory_);
  }

 private:
  void Release() noexcept;

  uint8_t* memory_ = nullptr;
  size_t bytes_ = 0;
  MemorySource source_ = {};
};

constexpr size_t RoundUp(size_t n, size_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

}  // namespace erato

#endif  // ERATO_CORE_BASE_BUFFER_H_
