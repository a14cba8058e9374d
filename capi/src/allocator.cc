// Where large memory comes from: hooks.h.
#include "capi/src/guard.h"
#include "core/base/buffer.h"
#include "core/base/concat.h"
#include "erato/hooks.h"

using namespace erato::capi;  // NOLINT

extern "C" erato_status erato_set_allocator(erato_allocate_fn allocate, erato_release_fn release,
                                            void* user_data, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if ((allocate == nullptr) != (release == nullptr)) {
      const char* missing = allocate == nullptr ? "allocate" : "release";
      return Fail(ERATO_INVALID_ARGUMENT,
                  erato::Concat("[argument ", missing,
                                "] function, got null, expected both functions or neither"),
                  missing);
    }
    erato::SetMemorySource({allocate, release, user_data});
    return absl::OkStatus();
  });
}
