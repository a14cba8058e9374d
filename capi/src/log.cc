#include "capi/src/log.h"

#include <cstdint>

#include "capi/src/guard.h"
#include "core/base/published.h"

namespace erato::capi {
namespace {

// The process's and no object's: a host has one log.
struct LogHook {
  erato_log_fn function;
  void* user_data;
  intptr_t most;
};
constinit Published<LogHook> hook;

}  // namespace

bool LogWanted(erato_log_level level) { return level <= hook.Get().most; }

void LogLine(erato_log_level level, std::string_view line) {
  const LogHook log = hook.Get();
  if (log.function == nullptr) return;
  try {
    log.function(level, line.data(), line.size(), log.user_data);
  } catch (...) {  // a log that fails must not fail the call that it tells of
  }
}

}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

extern "C" erato_status erato_set_log(erato_log_fn log, erato_log_level most, void* user_data,
                                      erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    if (most < ERATO_LOG_OFF || most > ERATO_LOG_DEBUG) {
      return Fail(ERATO_INVALID_ARGUMENT,
                  erato::Concat("[argument most] level, got ", most, ", expected 0 to 4"), "most");
    }
    hook.Set({log, user_data, log == nullptr ? ERATO_LOG_OFF : most});
    return absl::OkStatus();
  });
}
