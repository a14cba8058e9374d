// How the inside tells an error to the outside: an absl::Status that carries the erato_status it
// will become, and the error object that a host sees.
#ifndef ERATO_CAPI_SRC_ERROR_H_
#define ERATO_CAPI_SRC_ERROR_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "erato/status.h"

/// One block of memory: the object, then its texts. The fallbacks for times without memory are
/// constants.
struct erato_error {
  erato_status status;
  const char* message;
  size_t message_bytes;
  const char* parameter;
  size_t parameter_bytes;
  bool constant;
};

namespace erato::capi {

/// An error that becomes `code` outside. `parameter`: the argument, option or field at fault.
absl::Status Fail(erato_status code, std::string_view message, std::string_view parameter = "");

/// Which part of Erato an absl::Status came from: the same code means different things.
enum class Origin { kFile, kBind, kDevice, kEngine, kTemplate, kText };
/// Gives `status` the erato_status that it means, unless it has one.
absl::Status From(Origin origin, absl::Status status);
template <typename T>
absl::StatusOr<T> From(Origin origin, absl::StatusOr<T> result) {
  if (!result.ok()) return From(origin, std::move(result).status());
  return result;
}

/// The same status, blaming `parameter`.
absl::Status Blame(absl::Status status, std::string_view parameter);

erato_status CodeOf(const absl::Status& status);

/// Stores an error object in `*error` where `error` is not null; returns the code. Cannot fail.
erato_status Report(const absl::Status& status, erato_error** error) noexcept;
/// The same for a bare code; nothing is stored where it is none of an error.
erato_status Report(erato_status code, erato_error** error) noexcept;
/// To be called in a catch block: the same for the exception in flight.
erato_status ReportException(erato_error** error) noexcept;

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_ERROR_H_
