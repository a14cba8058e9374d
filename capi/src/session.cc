#include "erato/session.h"

#include <utility>

#include "capi/src/json_argument.h"
#include "capi/src/json_text.h"
#include "capi/src/session_state.h"
#include "capi/src/stream.h"
#include "capi/src/values.h"
#include "core/base/concat.h"
#include "core/base/status.h"

struct erato_message {
  std::string_view role;
  erato::MarkedString text;
  std::string_view foreign;  // the modality of the first part that is not text, or ""
};

namespace erato::capi {
namespace {

/// Runs `body(SessionState&)` as the session's one caller.
template <typename Body>
erato_status InSession(erato_session* session, erato_error** error, Body&& body) noexcept {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{session, "session"}}));
    ERATO_RETURN_IF_ERROR(session->home.Check());
    const Claim claim(session->state->taken);
    ERATO_RETURN_IF_ERROR(claim.Check("session"));
    return body(*session->state);
  });
}

bool HasSystem(const Chat& chat) {
  return !chat.messages.empty() && RoleOf(chat.messages.front()) == "system";
}

absl::Status SetSystem(Chat& chat, std::string_view text) {
  if (text.empty()) {
    if (HasSystem(chat)) chat.messages.erase(chat.messages.begin());
    return absl::OkStatus();
  }
  ChatMessage message = TextMessage("system", MarkedString(std::string(text), false));
  if (HasSystem(chat)) {
    chat.messages.front() = std::move(message);
  } else {
    chat.messages.insert(chat.messages.begin(), std::move(message));
  }
  return absl::OkStatus();
}

std::string History(const Chat& chat) {
  JsonText json;
  json.Open('[');
  for (const ChatMessage& message : chat.messages) {
    json.Open('{');
    for (const auto& [key, value] : message) json.Field(key, value);
    json.Close('}');
  }
  return json.Close(']').Take();
}

absl::Status AddForeignPart(erato_message* message, const void* data, size_t data_bytes,
                            std::string_view modality) {
  ERATO_RETURN_IF_ERROR(Given({{message, "message"}, {data, "data"}}));
  if (data_bytes == 0) {
    return Fail(ERATO_INVALID_ARGUMENT, "[argument data] size, got 0 bytes", "data_bytes");
  }
  if (message->foreign.empty()) message->foreign = modality;
  return absl::OkStatus();
}

}  // namespace
}  // namespace erato::capi

using namespace erato::capi;  // NOLINT
using erato::Concat;
using erato::MarkedString;

extern "C" {

erato_status erato_session_create(const erato_model* model, const erato_options* options,
                                  erato_session** session, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(ModelRef loaded, ModelArgument(model));
    ERATO_RETURN_IF_ERROR(Given({{session, "session"}}));
    auto handle = std::make_unique<erato_session>();
    ERATO_ASSIGN_OR_RETURN(handle->state, SessionState::Create(std::move(loaded), options));
    *session = handle.release();
    return absl::OkStatus();
  });
}

void erato_session_free(erato_session* session) {
  if (session != nullptr && session->home.here()) GuardFree([&] { delete session; });
}

erato_status erato_session_add_text(erato_session* session, erato_role role, const char* text,
                                    size_t text_bytes, erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const auto name, RoleName(role));
    ERATO_ASSIGN_OR_RETURN(const auto content, TextArgument(text, text_bytes, "text"));
    state.chat.messages.push_back(TextMessage(name, MarkedString(std::string(content), false)));
    return absl::OkStatus();
  });
}

erato_status erato_message_create(erato_role role, erato_message** message, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{message, "message"}}));
    ERATO_ASSIGN_OR_RETURN(const auto name, RoleName(role));
    *message = new erato_message{name, {}, {}};
    return absl::OkStatus();
  });
}

void erato_message_free(erato_message* message) { delete message; }

erato_status erato_message_add_text(erato_message* message, const char* text, size_t text_bytes,
                                    int32_t trusted, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{message, "message"}}));
    ERATO_ASSIGN_OR_RETURN(const auto content, TextArgument(text, text_bytes, "text"));
    MarkedString longer = message->text;  // all or nothing, should memory end
    longer.Append(content, trusted != 0);
    message->text = std::move(longer);
    return absl::OkStatus();
  });
}

erato_status erato_message_add_image(erato_message* message, const void* data, size_t data_bytes,
                                     erato_error** error) {
  return Guard(error, [&] { return AddForeignPart(message, data, data_bytes, "image"); });
}

erato_status erato_message_add_audio(erato_message* message, const void* data, size_t data_bytes,
                                     erato_error** error) {
  return Guard(error, [&] { return AddForeignPart(message, data, data_bytes, "audio"); });
}

erato_status erato_session_add_message(erato_session* session, const erato_message* message,
                                       erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{message, "message"}}));
    if (!message->foreign.empty()) {
      return Fail(ERATO_UNSUPPORTED,
                  Concat("[message] modality, got ", message->foreign, ", expected text, which is ",
                         "all that this model takes"),
                  message->foreign);
    }
    state.chat.messages.push_back(TextMessage(message->role, message->text));
    return absl::OkStatus();
  });
}

erato_status erato_session_answer(erato_session* session, const erato_options* options,
                                  erato_stream** stream, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{session, "session"}, {stream, "stream"}}));
    ERATO_RETURN_IF_ERROR(session->home.Check());
    Claim claim(session->state->taken);
    ERATO_RETURN_IF_ERROR(claim.Check("session"));
    ERATO_ASSIGN_OR_RETURN(auto answer, session->state->Ask(options));
    *stream = new erato_stream(std::move(answer), session->state);
    claim.Keep();  // the stream gives it back at its end
    return absl::OkStatus();
  });
}

erato_status erato_session_history(erato_session* session, erato_text** json, erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{json, "json"}}));
    *json = new erato_text{History(state.chat)};
    return absl::OkStatus();
  });
}

erato_status erato_session_set_history(erato_session* session, const char* json, size_t json_bytes,
                                       erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const auto history, JsonArgument(json, json_bytes));
    ERATO_ASSIGN_OR_RETURN(state.chat.messages, ParseMessages(history, "messages"));
    return absl::OkStatus();
  });
}

erato_status erato_session_set_system(erato_session* session, const char* text, size_t text_bytes,
                                      erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const auto content, TextArgument(text, text_bytes, "text"));
    return SetSystem(state.chat, content);
  });
}

erato_status erato_session_remove_last(erato_session* session, erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    if (state.chat.messages.empty()) {
      return Fail(ERATO_NOT_FOUND, "[session] last message, got an empty history");
    }
    state.chat.messages.pop_back();
    return absl::OkStatus();
  });
}

erato_status erato_session_clear(erato_session* session, erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    const size_t keep = HasSystem(state.chat) ? 1 : 0;
    state.chat.messages.resize(keep);
    return absl::OkStatus();
  });
}

erato_status erato_session_count_tokens(erato_session* session, size_t* count,
                                        erato_error** error) {
  return InSession(session, error, [&](SessionState& state) -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{count, "count"}}));
    ERATO_ASSIGN_OR_RETURN(const auto spans, state.Prompt());
    ERATO_ASSIGN_OR_RETURN(const auto ids, EncodeSpans(*state.model->tokenizer(), spans));
    *count = ids.size();
    return absl::OkStatus();
  });
}

}  // extern "C"
