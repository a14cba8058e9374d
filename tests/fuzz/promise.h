// What a fuzz target says when something does not hold.
#ifndef ERATO_TESTS_FUZZ_PROMISE_H_
#define ERATO_TESTS_FUZZ_PROMISE_H_

#include <cstdlib>

namespace erato::test {

/// Ends the program where a promise is broken: the fuzzer reports the input.
inline void Promise(bool kept) {
  if (!kept) std::abort();
}

}  // namespace erato::test

#endif  // ERATO_TESTS_FUZZ_PROMISE_H_
