#include "capi/src/log.h"

#include <atomic>

#include "capi/src/guard.h"

namespace erato::capi {
namespace {

// The one thing that is the process's and no object's: a host has one log. Three words under a
// version counter (odd = being written), so that readers never wait and never see a mixture.
struct LogHook {
  std::atomic<uint32_t> version{0};
  std::atomic<erato_log_fn> function{nullptr};
  std::atomic<erato_log_level> most{ERATO_LOG_OFF};
  std::atomic<void*> user_data{nullptr};
};
constinit LogHook hook;

void SetHook(erato_log_fn function, erato_log_level most, void* user_data) {
  uint32_t version = hook.version.load();
  while (version % 2 == 1 || !hook.version.compare_exchange_weak(version, version + 1)) {
    version = hook.version.load();
  }
  hook.function.store(function);
  hook.most.store(function == nullptr ? ERATO_LOG_OFF : most);
  hook.user_data.store(user_data);
  hook.version.store(version + 2);
}

}  // namespace

bool LogWanted(erato_log_level level) { return level <= hook.most.load(std::memory_order_relaxed); }

void LogLine(erato_log_level level, std::string_view line) {
  erato_log_fn function = nullptr;
  void* user_data = nullptr;
  uint32_t before = 0;
  do {
    before = hook.version.load();
    function = hook.function.load();
    user_data = hook.user_data.load();
  } while (before % 2 == 1 || hook.version.load() != before);
  if (function == nullptr) return;
  try {
    function(level, line.data(), line.size(), user_data);
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
    SetHook(log, most, user_data);
    return absl::OkStatus();
  });
}
