#include "capi/src/error.h"

#include <array>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <system_error>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "capi/src/guard.h"
#include "core/base/concat.h"

namespace erato::capi {
namespace {

constexpr char kCodeKey[] = "erato/code";
constexpr char kParameterKey[] = "erato/parameter";

struct CodeName {
  erato_status code;
  const char* name;
  erato_category category;
  std::string_view fallback;  // the message when there is no memory for a better one
};

constexpr std::array kCodes = {
    CodeName{ERATO_OK, "OK", ERATO_CATEGORY_NONE, ""},
    CodeName{ERATO_END, "END", ERATO_CATEGORY_NONE, ""},
    CodeName{ERATO_PENDING, "PENDING", ERATO_CATEGORY_NONE, ""},
    CodeName{ERATO_INVALID_ARGUMENT, "INVALID_ARGUMENT", ERATO_CATEGORY_CALLER,
             "[erato] invalid argument"},
    CodeName{ERATO_INVALID_UTF8, "INVALID_UTF8", ERATO_CATEGORY_CALLER, "[erato] invalid UTF-8"},
    CodeName{ERATO_UNSUPPORTED, "UNSUPPORTED", ERATO_CATEGORY_CALLER, "[erato] not supported"},
    CodeName{ERATO_NOT_FOUND, "NOT_FOUND", ERATO_CATEGORY_CALLER, "[erato] not found"},
    CodeName{ERATO_PERMISSION, "PERMISSION", ERATO_CATEGORY_FILE, "[erato] permission denied"},
    CodeName{ERATO_BAD_FILE, "BAD_FILE", ERATO_CATEGORY_FILE, "[erato] not a sound model file"},
    CodeName{ERATO_MODEL_CHANGED, "MODEL_CHANGED", ERATO_CATEGORY_FILE,
             "[erato] model file changed"},
    CodeName{ERATO_NO_MEMORY, "NO_MEMORY", ERATO_CATEGORY_RESOURCE, "[erato] out of memory"},
    CodeName{ERATO_CONTEXT_FULL, "CONTEXT_FULL", ERATO_CATEGORY_RESOURCE, "[erato] context full"},
    CodeName{ERATO_LIMIT, "LIMIT", ERATO_CATEGORY_RESOURCE, "[erato] limit hit"},
    CodeName{ERATO_BUSY, "BUSY", ERATO_CATEGORY_RESOURCE, "[erato] busy in another call"},
    CodeName{ERATO_CANCELLED, "CANCELLED", ERATO_CATEGORY_STOPPED, "[erato] cancelled"},
    CodeName{ERATO_DEADLINE, "DEADLINE", ERATO_CATEGORY_STOPPED, "[erato] deadline passed"},
    CodeName{ERATO_FORKED, "FORKED", ERATO_CATEGORY_CALLER, "[erato] made before fork"},
    CodeName{ERATO_CALLBACK_FAILED, "CALLBACK_FAILED", ERATO_CATEGORY_CALLER,
             "[erato] callback threw an exception"},
    CodeName{ERATO_NON_FINITE, "NON_FINITE", ERATO_CATEGORY_FAULT, "[erato] non-finite number"},
    CodeName{ERATO_INTERNAL, "INTERNAL", ERATO_CATEGORY_FAULT, "[erato] internal error"},
};

constexpr auto kFallbacks = [] {
  std::array<erato_error, kCodes.size()> all{};
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string_view text = kCodes[i].fallback;
    all[i] = {kCodes[i].code, text.data(), text.size(), "", 0, true};
  }
  return all;
}();

size_t IndexOf(erato_status code) {
  size_t i = 0;
  while (i + 1 < kCodes.size() && kCodes[i].code != code) ++i;
  return i;  // an unknown code is INTERNAL, the last one
}

// Nobody changes the constant: the type says so only to the host.
erato_error* Fallback(erato_status code) {
  return const_cast<erato_error*>(&kFallbacks[IndexOf(code)]);
}

erato_error* NewError(erato_status code, std::string_view message, std::string_view parameter) {
  const size_t bytes = sizeof(erato_error) + message.size() + parameter.size() + 2;
  void* memory = ::operator new(bytes, std::nothrow);
  if (memory == nullptr) return Fallback(code);
  char* text = static_cast<char*>(memory) + sizeof(erato_error);
  char* second = text + message.size() + 1;
  if (!message.empty()) std::memcpy(text, message.data(), message.size());
  text[message.size()] = '\0';
  if (!parameter.empty()) std::memcpy(second, parameter.data(), parameter.size());
  second[parameter.size()] = '\0';
  return new (memory) erato_error{code, text, message.size(), second, parameter.size(), false};
}

erato_status CodeFor(Origin origin, absl::StatusCode code) {
  using enum absl::StatusCode;
  const bool file = origin == Origin::kFile || origin == Origin::kBind;
  const bool engine = origin == Origin::kEngine;
  switch (code) {
    case kInvalidArgument:
      return file ? ERATO_BAD_FILE : ERATO_INVALID_ARGUMENT;
    case kUnimplemented:
      return ERATO_UNSUPPORTED;
    case kNotFound:
      return ERATO_NOT_FOUND;
    case kPermissionDenied:
      return ERATO_PERMISSION;
    case kOutOfRange:
      return file ? ERATO_BAD_FILE : engine ? ERATO_CONTEXT_FULL : ERATO_INVALID_ARGUMENT;
    case kDataLoss:
      return file ? ERATO_MODEL_CHANGED : engine ? ERATO_NON_FINITE : ERATO_INTERNAL;
    case kFailedPrecondition:
      return file ? ERATO_MODEL_CHANGED : engine ? ERATO_BUSY : ERATO_INTERNAL;
    case kResourceExhausted:
      return origin == Origin::kFile                                  ? ERATO_BAD_FILE
             : origin == Origin::kTemplate || origin == Origin::kText ? ERATO_LIMIT
                                                                      : ERATO_NO_MEMORY;
    case kCancelled:
      return ERATO_CANCELLED;
    case kDeadlineExceeded:
      return ERATO_DEADLINE;
    default:
      return ERATO_INTERNAL;
  }
}

void SetCode(absl::Status& status, erato_status code) {
  status.SetPayload(kCodeKey, absl::Cord(Concat(code)));
}

}  // namespace

absl::Status Fail(erato_status code, std::string_view message, std::string_view parameter) {
  absl::Status status(absl::StatusCode::kUnknown, AbslView(message));
  SetCode(status, code);
  if (!parameter.empty()) status.SetPayload(kParameterKey, absl::Cord(AbslView(parameter)));
  return status;
}

absl::Status From(Origin origin, absl::Status status) {
  if (!status.ok() && !status.GetPayload(kCodeKey).has_value()) {
    SetCode(status, CodeFor(origin, status.code()));
  }
  return status;
}

absl::Status Blame(absl::Status status, std::string_view parameter) {
  if (!status.ok()) status.SetPayload(kParameterKey, absl::Cord(AbslView(parameter)));
  return status;
}

erato_status CodeOf(const absl::Status& status) {
  if (status.ok()) return ERATO_OK;
  const auto payload = status.GetPayload(kCodeKey);
  int32_t code = ERATO_INTERNAL;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &code)) {
    return ERATO_INTERNAL;
  }
  return code;
}

erato_status Report(const absl::Status& status, erato_error** error) noexcept {
  erato_status code = ERATO_INTERNAL;
  try {
    code = CodeOf(status);
    if (error == nullptr) return code;
    const auto parameter = status.GetPayload(kParameterKey);
    const absl::string_view message = status.message();
    *error = NewError(code, {message.data(), message.size()},
                      parameter ? std::string(*parameter) : std::string());
  } catch (...) {
    if (error != nullptr) *error = Fallback(code);
  }
  return code;
}

erato_status Report(erato_status code, erato_error** error) noexcept {
  if (error != nullptr && code >= ERATO_INVALID_ARGUMENT) *error = Fallback(code);
  return code;
}

erato_status ReportException(erato_error** error) noexcept {
  erato_status code = ERATO_INTERNAL;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    code = ERATO_NO_MEMORY;
  } catch (const std::length_error&) {
    code = ERATO_NO_MEMORY;
  } catch (const CallbackThrew&) {
    code = ERATO_CALLBACK_FAILED;
  } catch (const std::system_error&) {
    code = ERATO_NO_MEMORY;  // a thread or a lock that the system did not give
  } catch (...) {
    code = ERATO_INTERNAL;
  }
  return Report(code, error);
}

}  // namespace erato::capi

using erato::capi::IndexOf;
using erato::capi::kCodes;

extern "C" {

const char* erato_status_name(erato_status status) {
  const auto& entry = kCodes[IndexOf(status)];
  return entry.code == status ? entry.name : "UNKNOWN";
}

erato_category erato_status_category(erato_status status) {
  return kCodes[IndexOf(status)].category;
}

erato_status erato_error_status(const erato_error* error) {
  return error == nullptr ? ERATO_OK : error->status;
}

erato_category erato_error_category(const erato_error* error) {
  return erato_status_category(erato_error_status(error));
}

int32_t erato_error_retriable(const erato_error* error) {
  switch (erato_error_status(error)) {
    case ERATO_NO_MEMORY:
    case ERATO_BUSY:
    case ERATO_DEADLINE:
    case ERATO_CANCELLED:
      return 1;
    default:
      return 0;
  }
}

const char* erato_error_message(const erato_error* error, size_t* message_bytes) {
  if (message_bytes != nullptr) *message_bytes = error == nullptr ? 0 : error->message_bytes;
  return error == nullptr ? "" : error->message;
}

const char* erato_error_parameter(const erato_error* error, size_t* parameter_bytes) {
  if (parameter_bytes != nullptr) *parameter_bytes = error == nullptr ? 0 : error->parameter_bytes;
  return error == nullptr ? "" : error->parameter;
}

void erato_error_free(erato_error* error) {
  if (error != nullptr && !error->constant) ::operator delete(error);
}

}  // extern "C"
