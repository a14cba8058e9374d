// Texts that a caller has as two arrays: pointers and numbers of bytes.
#ifndef ERATO_CAPI_SRC_TEXT_LIST_H_
#define ERATO_CAPI_SRC_TEXT_LIST_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "capi/src/guard.h"
#include "core/base/status.h"

namespace erato::capi {

struct TextList {
  const char* const* texts;
  const size_t* bytes;
  size_t count;

  /// INVALID_ARGUMENT naming an array that is missing.
  absl::Status Check(const char* texts_name, const char* bytes_name) const {
    if (count == 0) return absl::OkStatus();
    return Given({{texts, texts_name}, {bytes, bytes_name}});
  }
  /// INVALID_ARGUMENT where the pointer is null, INVALID_UTF8 with the byte offset.
  absl::StatusOr<std::string_view> At(size_t item) const {
    return TextArgument(texts[item], bytes[item], "texts");
  }
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TEXT_LIST_H_
