// What the user reads on stderr.
#ifndef ERATO_SAMPLES_SEARCH_FAILURE_H_
#define ERATO_SAMPLES_SEARCH_FAILURE_H_

#include <stdexcept>

namespace search {

/// "[where] what, got X, expected Y", as the library has it. The program then ends with 1.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_FAILURE_H_
