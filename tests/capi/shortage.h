// Shortage of memory: an entry point is called with its first, second, third … allocation failing
// (once, and from there on), until it succeeds. Each time: NO_MEMORY with an error object, the
// out-parameter untouched, nothing leaked, every object usable.
#ifndef ERATO_TESTS_CAPI_SHORTAGE_H_
#define ERATO_TESTS_CAPI_SHORTAGE_H_

#include <erato/erato.h>

#include <functional>
#include <string>

#include "gtest/gtest.h"

namespace erato::test {

/// One call that makes (and then frees) something. Its own out-parameters are checked by it.
using Call = std::function<erato_status(erato_error**)>;

/// `f(T **out, erato_error **)`, freed when it worked, seen to be untouched when not.
template <typename T, typename F, typename Free>
Call Making(F f, Free free_it) {
  return [f, free_it](erato_error** error) {
    T* const untouched = reinterpret_cast<T*>(0x10);
    T* out = untouched;
    const erato_status status = f(&out, error);
    if (status == ERATO_OK) {
      free_it(out);
    } else {
      EXPECT_EQ(out, untouched);
    }
    return status;
  };
}

/// Calls again and again, with ever later allocations failing; the test fails where the rule is
/// broken.
void Survive(const std::string& name, const Call& call);

}  // namespace erato::test

#endif  // ERATO_TESTS_CAPI_SHORTAGE_H_
