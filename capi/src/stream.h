// The handle of a stream: an answer, and the session that waits for it.
#ifndef ERATO_CAPI_SRC_STREAM_H_
#define ERATO_CAPI_SRC_STREAM_H_

#include <atomic>
#include <memory>

#include "absl/status/statusor.h"
#include "capi/src/answer.h"
#include "capi/src/guard.h"
#include "capi/src/session_state.h"
#include "erato/stream.h"

struct erato_stream {
  /// `session`: null, or one whose claim the stream takes over.
  erato_stream(std::unique_ptr<erato::capi::Answer> answer,
               std::shared_ptr<erato::capi::SessionState> session);
  ~erato_stream();
  absl::StatusOr<erato_status> Advance();

  erato::capi::Home home;
  std::atomic<bool> taken{false};
  const std::unique_ptr<erato::capi::Answer> answer;

 private:
  void LeaveSession();
  std::shared_ptr<erato::capi::SessionState> session_;  // until the answer is in its history
};

#endif  // ERATO_CAPI_SRC_STREAM_H_
