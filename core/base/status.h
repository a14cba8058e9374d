// The two shorthands of code that returns absl::Status.
#ifndef ERATO_CORE_BASE_STATUS_H_
#define ERATO_CORE_BASE_STATUS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

/// Leaves the function with the status of `expression` unless it is OK.
#define ERATO_RETURN_IF_ERROR(expression)                                 \
  do {                                                                    \
    if (absl::Status erato_status_ = (expression); !erato_status_.ok()) { \
      return erato_status_;                                               \
    }                                                                     \
  } while (false)

// NOLINTBEGIN(bugprone-macro-parentheses): names and declarations have none.
/// `ERATO_ASSIGN_OR_RETURN(auto value, F());` leaves the function with the error of F().
#define ERATO_ASSIGN_OR_RETURN(target, expression) \
  ERATO_ASSIGN_OR_RETURN_AT_(ERATO_JOIN_(erato_result_, __LINE__), target, expression)
#define ERATO_ASSIGN_OR_RETURN_AT_(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return std::move(result).status();         \
  target = *std::move(result)
#define ERATO_JOIN_(a, b) ERATO_JOIN_AGAIN_(a, b)
#define ERATO_JOIN_AGAIN_(a, b) a##b
// NOLINTEND(bugprone-macro-parentheses)

#endif  // ERATO_CORE_BASE_STATUS_H_
