#include "capi/src/cancel.h"

#include "capi/src/guard.h"
#include "capi/src/options.h"
#include "core/base/status.h"

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_cancel_create(erato_cancel** cancel, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{cancel, "cancel"}}));
    *cancel = new erato_cancel;
    return absl::OkStatus();
  });
}

void erato_cancel_raise(erato_cancel* cancel) {
  if (cancel != nullptr) cancel->raised->store(true, std::memory_order_relaxed);
}

void erato_cancel_lower(erato_cancel* cancel) {
  if (cancel != nullptr) cancel->raised->store(false, std::memory_order_relaxed);
}

void erato_cancel_free(erato_cancel* cancel) { delete cancel; }

erato_status erato_options_set_cancel(erato_options* options, const erato_cancel* cancel,
                                      erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{options, "options"}}));
    ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_READ));
    options->cancel = cancel == nullptr ? nullptr : cancel->raised;
    return absl::OkStatus();
  });
}

}  // extern "C"
