// A small value that the whole process shares: any thread replaces it, and any reads it whole.
//
// Two slots and the version that says which of them holds. A writer fills the other slot and then
// raises the version; a reader takes its copy again where the version has moved meanwhile. Nobody
// waits for a reader, and no reader waits for a writer that stands still, as one does for ever in a
// child of fork().
#ifndef ERATO_CORE_BASE_PUBLISHED_H_
#define ERATO_CORE_BASE_PUBLISHED_H_

#include <sched.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace erato {

/// At first all zeros. T is made of words: pointers and integers of their size.
template <typename T>
class Published {
  static constexpr size_t kWords = sizeof(T) / sizeof(uintptr_t);
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) == kWords * sizeof(uintptr_t));
  using Words = std::array<uintptr_t, kWords>;

 public:
  T Get() const {
    Words words;
    uint32_t version = 0;
    do {
      version = version_.load();
      for (size_t i = 0; i < kWords; ++i) words[i] = slots_[version % 2][i].load();
    } while (version_.load() != version);
    return std::bit_cast<T>(words);
  }

  void Set(const T& value) {
    const auto words = std::bit_cast<Words>(value);
    const pid_t self = getpid();
    // A mark of another process is that of a thread which fork() left behind: its slot is free.
    for (pid_t holder = 0; !writer_.compare_exchange_weak(holder, self);) {
      if (holder != self) continue;
      holder = 0;
      sched_yield();
    }
    const uint32_t next = version_.load() + 1;
    for (size_t i = 0; i < kWords; ++i) slots_[next % 2][i].store(words[i]);
    version_.store(next);
    writer_.store(0);
  }

 private:
  std::atomic<uint32_t> version_{0};
  std::atomic<pid_t> writer_{0};
  std::atomic<uintptr_t> slots_[2][kWords] = {};
};

}  // namespace erato

#endif  // ERATO_CORE_BASE_PUBLISHED_H_
