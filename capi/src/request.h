// A request of the JSON family, read and checked.
#ifndef ERATO_CAPI_SRC_REQUEST_H_
#define ERATO_CAPI_SRC_REQUEST_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "capi/src/answer.h"
#include "capi/src/chat.h"
#include "core/base/json.h"

namespace erato::capi {

struct ChatRequest {
  bool is_chat = true;  // messages; else a prompt
  Chat chat;
  std::string prompt;
  AnswerSettings answer;
  bool stream = false;
  bool include_usage = false;
};

/// Errors blame the field: "messages[0].content", "temperature".
absl::StatusOr<ChatRequest> ReadRequest(const Json& json);
absl::StatusOr<std::unique_ptr<Answer>> StartRequest(
    const std::shared_ptr<const LoadedModel>& model, ChatRequest request);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_REQUEST_H_
