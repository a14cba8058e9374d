// Lines for the host's log. Costs a few atomic loads where nobody listens.
#ifndef ERATO_CAPI_SRC_LOG_H_
#define ERATO_CAPI_SRC_LOG_H_

#include <string_view>

#include "core/base/concat.h"
#include "erato/hooks.h"

namespace erato::capi {

bool LogWanted(erato_log_level level);
void LogLine(erato_log_level level, std::string_view line);

/// Log(ERATO_LOG_INFO, "loaded ", name): the line is put together only where somebody listens.
template <typename... Pieces>
void Log(erato_log_level level, const Pieces&... pieces) {
  if (LogWanted(level)) LogLine(level, Concat(pieces...));
}

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_LOG_H_
