#include "tests/capi/failing_new.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr int64_t kNever = INT64_MAX;
std::atomic<int64_t> left{kNever}, live{0};
std::atomic<bool> failed{false}, persistent{false};

bool Fails() {
  if (left.load(std::memory_order_relaxed) == kNever) return false;
  const int64_t before = left.fetch_sub(1);
  const bool fails = before == 0 || (before < 0 && persistent);
  if (fails) failed = true;
  return fails;
}

void* Allocate(size_t bytes, size_t alignment) {
  if (Fails()) return nullptr;
  void* memory = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    memory = std::malloc(bytes == 0 ? 1 : bytes);
  } else if (posix_memalign(&memory, alignment, bytes) != 0) {
    memory = nullptr;
  }
  if (memory != nullptr) live.fetch_add(1);
  return memory;
}

void* AllocateOrThrow(size_t bytes, size_t alignment = 0) {
  void* memory = Allocate(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Free(void* memory) {
  if (memory == nullptr) return;
  live.fetch_sub(1);
  std::free(memory);
}

}  // namespace

void* operator new(size_t bytes) { return AllocateOrThrow(bytes); }
void* operator new[](size_t bytes) { return AllocateOrThrow(bytes); }
void* operator new(size_t bytes, std::align_val_t a) { return AllocateOrThrow(bytes, size_t(a)); }
void* operator new[](size_t bytes, std::align_val_t a) { return AllocateOrThrow(bytes, size_t(a)); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, 0); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, 0); }
void* operator new(size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
  return Allocate(bytes, size_t(a));
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { Free(memory); }

// Large memory comes from here.
extern "C" void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  void* memory = nullptr;
  if (Fails() || posix_memalign(&memory, alignment, bytes) != 0) return nullptr;
  return memory;
}

namespace erato::test {

void FailFrom(int64_t nth, bool forever) {
  failed = false;
  persistent = forever;
  left = nth;
}

bool StopFailing() {
  left = kNever;
  return failed;
}

int64_t LiveBlocks() { return live; }

}  // namespace erato::test
