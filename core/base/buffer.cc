#include "core/base/buffer.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/base/concat.h"
#include "core/base/published.h"

namespace erato {
namespace {

void* AllocateOwn(size_t bytes, size_t alignment, void*) {
  return std::aligned_alloc(alignment, bytes);
}
void ReleaseOwn(void* memory, size_t, void*) { std::free(memory); }
constexpr MemorySource kOwn = {AllocateOwn, ReleaseOwn, nullptr};

constinit Published<MemorySource> hosts;

/// What the source is asked for: whole lines, and something where nothing is wanted.
size_t Asked(size_t bytes) { return RoundUp(std::max<size_t>(bytes, 1), Buffer::kAlignment); }

absl::Status Short(std::string_view what, std::string_view got, size_t bytes) {
  return absl::ResourceExhaustedError(
      Concat("[memory] ", what, ", got ", got, ", expected ", bytes, " bytes"));
}

}  // namespace

void SetMemorySource(const MemorySource& source) { hosts.Set(source); }

absl::StatusOr<Buffer> Buffer::Make(size_t bytes, std::string_view what) {
  if (bytes > SIZE_MAX / 2) return Short(what, "none", bytes);
  MemorySource source = hosts.Get();
  if (source.allocate == nullptr) source = kOwn;
  void* memory = nullptr;
  try {
    memory = source.allocate(Asked(bytes), kAlignment, source.user_data);
  } catch (...) {
    return Short(what, "an exception of the host's allocator", bytes);
  }
  if (memory == nullptr) return Short(what, "none", bytes);
  Buffer buffer;
  buffer.memory_ = static_cast<uint8_t*>(memory);
  buffer.bytes_ = bytes;
  buffer.source_ = source;
  if (reinterpret_cast<uintptr_t>(memory) % kAlignment != 0) {
    return Short(what, "memory of the host's that is not aligned", bytes);
  }
  return buffer;
}

Buffer::Buffer(Buffer&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      source_(other.source_) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(bytes_, other.bytes_);
  std::swap(source_, other.source_);
  return *this;
}

void Buffer::Release() noexcept {
  if (memory_ == nullptr) return;
  try {
    source_.release(memory_, Asked(bytes_), source_.user_data);
  } catch (...) {  // a block that is gone has nobody to tell
  }
}

}  // namespace erato
