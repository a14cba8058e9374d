// The flag of cancel.h: shared by its handle, by options and by calls at work.
#ifndef ERATO_CAPI_SRC_CANCEL_H_
#define ERATO_CAPI_SRC_CANCEL_H_

#include <atomic>
#include <memory>

#include "erato/cancel.h"

struct erato_cancel {
  std::shared_ptr<std::atomic<bool>> raised = std::make_shared<std::atomic<bool>>(false);
};

#endif  // ERATO_CAPI_SRC_CANCEL_H_
