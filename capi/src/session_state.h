// A session's inside: shared by its handle and by the stream of its answer.
#ifndef ERATO_CAPI_SRC_SESSION_STATE_H_
#define ERATO_CAPI_SRC_SESSION_STATE_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capi/src/answer.h"
#include "capi/src/chat.h"
#include "capi/src/guard.h"
#include "capi/src/model.h"
#include "core/engine/engine.h"
#include "erato/session.h"

namespace erato::capi {

/// Everything but `taken` belongs to whoever holds a Claim on `taken`: a call on the session, or a
/// stream that is not at its end.
struct SessionState {
  std::atomic<bool> taken{false};
  ModelRef model;
  std::shared_ptr<const ChatTemplate> chat_template;
  TemplateFacts template_facts;
  std::shared_ptr<Sequence> sequence;
  Chat chat;

  static absl::StatusOr<std::shared_ptr<SessionState>> Create(ModelRef model,
                                                              const erato_options* options);
  /// What the next answer reads.
  absl::StatusOr<std::vector<RenderedSpan>> Prompt() const;
  absl::StatusOr<std::unique_ptr<Answer>> Ask(const erato_options* options);
  /// The answer joins the history, its thinking beside it.
  void Take(const std::string& answer, const std::string& reasoning);
};

}  // namespace erato::capi

struct erato_session {
  erato::capi::Home home;
  std::shared_ptr<erato::capi::SessionState> state;
};

#endif  // ERATO_CAPI_SRC_SESSION_STATE_H_
