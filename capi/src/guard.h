// What every function of the C ABI stands behind: nothing thrown gets out, arguments are looked at,
// a forked child is told so, and two callers of one object cannot meet.
#ifndef ERATO_CAPI_SRC_GUARD_H_
#define ERATO_CAPI_SRC_GUARD_H_

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "capi/src/error.h"

namespace erato::capi {

/// Thrown inside where a callback of the host has thrown.
struct CallbackThrew {};

/// pthread_cancel of the host's thread waits until the call is over: it unwinds by an exception
/// that may not be caught.
class NoThreadCancel {
 public:
  NoThreadCancel() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~NoThreadCancel() { pthread_setcancelstate(before_, nullptr); }
  NoThreadCancel(const NoThreadCancel&) = delete;
  NoThreadCancel& operator=(const NoThreadCancel&) = delete;

 private:
  int before_ = 0;
};

/// Runs `body`, which returns absl::Status or absl::StatusOr<erato_status>.
template <typename Body>
erato_status Guard(erato_error** error, Body&& body) noexcept {
  const NoThreadCancel no_cancel;
  try {
    if constexpr (std::is_same_v<std::invoke_result_t<Body>, absl::Status>) {
      const absl::Status status = body();
      return status.ok() ? ERATO_OK : Report(status, error);
    } else {
      const absl::StatusOr<erato_status> result = body();
      return result.ok() ? Report(*result, error) : Report(result.status(), error);
    }
  } catch (...) {
    return ReportException(error);
  }
}

/// The same for functions that free: what is thrown is dropped.
template <typename Body>
void GuardFree(Body&& body) noexcept {
  const NoThreadCancel no_cancel;
  try {
    body();
  } catch (...) {  // an object that is going has nobody to tell
  }
}

struct NamedPointer {
  const void* pointer;
  const char* name;
};
/// INVALID_ARGUMENT naming the first null pointer.
absl::Status Given(std::initializer_list<NamedPointer> pointers);
/// A text argument: present unless empty, and UTF-8.
absl::StatusOr<std::string_view> TextArgument(const char* text, size_t bytes, const char* name);

/// Which process made an object. In a forked child its locks may be held by threads that are not
/// there, so nothing of it is touched.
class Home {
 public:
  bool here() const { return getpid() == process_; }
  absl::Status Check() const;

 private:
  const pid_t process_ = getpid();
};

/// A claim on an object that serves one caller at a time.
class Claim {
 public:
  explicit Claim(std::atomic<bool>& taken) {
    if (!taken.exchange(true, std::memory_order_acquire)) taken_ = &taken;
  }
  ~Claim() { Release(); }
  Claim(Claim&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
  Claim& operator=(Claim&&) = delete;

  bool held() const { return taken_ != nullptr; }
  absl::Status Check(const char* what) const;
  void Release() {
    if (taken_ != nullptr) taken_->store(false, std::memory_order_release);
    taken_ = nullptr;
  }
  /// Whoever asked keeps the claim and releases it by storing false.
  void Keep() { taken_ = nullptr; }

 private:
  std::atomic<bool>* taken_ = nullptr;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_GUARD_H_
