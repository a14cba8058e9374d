// operator new and aligned_alloc that run short on demand, for every thread and library of the
// process.
#ifndef ERATO_TESTS_CAPI_FAILING_NEW_H_
#define ERATO_TESTS_CAPI_FAILING_NEW_H_

#include <cstdint>

namespace erato::test {

/// Allocation number `nth` from now (from 0) fails; with `forever`, all after it too.
void FailFrom(int64_t nth, bool forever);
/// Allocations succeed again. True where one had failed.
bool StopFailing();
/// Allocations that are not freed.
int64_t LiveBlocks();

}  // namespace erato::test

#endif  // ERATO_TESTS_CAPI_FAILING_NEW_H_
