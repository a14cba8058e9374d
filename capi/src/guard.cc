#include "capi/src/guard.h"

#include "core/base/concat.h"
#include "tokenizer/utf8_stream.h"

namespace erato::capi {

absl::Status Given(std::initializer_list<NamedPointer> pointers) {
  for (const NamedPointer& each : pointers) {
    if (each.pointer == nullptr) {
      return Fail(ERATO_INVALID_ARGUMENT, Concat("[argument ", each.name, "] pointer, got null"),
                  each.name);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> TextArgument(const char* text, size_t bytes, const char* name) {
  if (bytes == 0) return std::string_view();
  if (absl::Status status = Given({{text, name}}); !status.ok()) return status;
  const std::string_view view(text, bytes);
  const size_t bad = FindInvalidUtf8(view);
  if (bad != std::string_view::npos) {
    return Fail(ERATO_INVALID_UTF8,
                Concat("[argument ", name, "] text, got an invalid byte at offset ", bad,
                       ", expected UTF-8"),
                name);
  }
  return view;
}

absl::Status Home::Check() const {
  if (here()) return absl::OkStatus();
  return Fail(ERATO_FORKED,
              "[fork] object, got one made before fork, expected one of this process");
}

absl::Status Claim::Check(const char* what) const {
  if (held()) return absl::OkStatus();
  return Fail(ERATO_BUSY, Concat("[", what, "] use, got a second caller, expected one at a time"));
}

}  // namespace erato::capi
