// Counts what operator new gives out, so that a test can say how much memory bad input made us
// take, and fails chosen allocations. A program that links erato_test_allocations has operator new
// replaced as a whole.
#ifndef ERATO_TESTS_SUPPORT_ALLOCATIONS_H_
#define ERATO_TESTS_SUPPORT_ALLOCATIONS_H_

#include <cstddef>
#include <cstdint>

namespace erato::test {

/// While it lives: peak() is the most bytes that were allocated at once, beyond what there was at
/// its begin. All threads count; one object at a time.
class PeakMemory {
 public:
  PeakMemory();
  size_t peak() const;

 private:
  size_t begin_;
};

/// While it lives, allocation number `nth` (from 0) of this thread throws std::bad_alloc, once.
class FailAllocation {
 public:
  explicit FailAllocation(int64_t nth);
  ~FailAllocation();
  FailAllocation(const FailAllocation&) = delete;
  FailAllocation& operator=(const FailAllocation&) = delete;
  /// Whether the allocation was reached.
  bool failed() const;
};

/// Allocations of this process that are not freed.
int64_t LiveAllocations();

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_ALLOCATIONS_H_
