#include "tests/support/allocations.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<size_t> live_bytes{0}, peak_bytes{0};
std::atomic<int64_t> live_allocations{0};
thread_local int64_t allocations_left = -1;  // until one fails; -1 = none will

void* Allocate(size_t bytes, size_t alignment) {
  if (allocations_left >= 0 && allocations_left-- == 0) return nullptr;
  void* memory = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    memory = std::malloc(bytes == 0 ? 1 : bytes);
  } else if (posix_memalign(&memory, alignment, bytes) != 0) {
    memory = nullptr;
  }
  if (memory == nullptr) return nullptr;
  const size_t live = live_bytes.fetch_add(malloc_usable_size(memory)) + malloc_usable_size(memory);
  live_allocations.fetch_add(1);
  size_t peak = peak_bytes.load();
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live)) {
  }
  return memory;
}

void* AllocateOrThrow(size_t bytes, size_t alignment) {
  void* memory = Allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Free(void* memory) {
  if (memory == nullptr) return;
  live_bytes.fetch_sub(malloc_usable_size(memory));
  live_allocations.fetch_sub(1);
  std::free(memory);
}

}  // namespace

// Every form of the standard, so that none is left to a library that pairs it otherwise.
void* operator new(size_t bytes) { return AllocateOrThrow(bytes, 0); }
void* operator new(size_t bytes, std::align_val_t alignment) {
  return AllocateOrThrow(bytes, static_cast<size_t>(alignment));
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void* operator new[](size_t bytes) { return AllocateOrThrow(bytes, 0); }
void* operator new[](size_t bytes, std::align_val_t alignment) {
  return AllocateOrThrow(bytes, static_cast<size_t>(alignment));
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, 0); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, 0); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { Free(memory); }

namespace erato::test {

PeakMemory::PeakMemory() : begin_(live_bytes.load()) { peak_bytes.store(begin_); }
size_t PeakMemory::peak() const { return peak_bytes.load() - begin_; }

FailAllocation::FailAllocation(int64_t nth) { allocations_left = nth; }
FailAllocation::~FailAllocation() { allocations_left = -1; }
bool FailAllocation::failed() const { return allocations_left < 0; }

int64_t LiveAllocations() { return live_allocations.load(); }

}  // namespace erato::test
