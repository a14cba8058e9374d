// Errors of the tokeniser. Abseil may be built with a string_view of its own (Debian builds it so),
// to which the standard one does not convert: text is passed on as strings.
#ifndef ERATO_TOKENIZER_MESSAGE_H_
#define ERATO_TOKENIZER_MESSAGE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace erato::message {

/// INVALID_ARGUMENT; the parts, end to end, in the form "[where] what, got X, expected Y".
template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

/// Text of a stranger, quoted: printable and of bounded length.
inline std::string Quoted(std::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(std::string(text.substr(0, 64))),
                      text.size() > 64 ? "\"…" : "\"");
}

}  // namespace erato::message

#endif  // ERATO_TOKENIZER_MESSAGE_H_
