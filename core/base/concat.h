// Text put together from pieces. Abseil can be built with a string_view of its own that
// std::string_view does not convert to (Debian builds it so); Concat takes both, and everything
// else that absl::StrCat takes.
#ifndef ERATO_CORE_BASE_CONCAT_H_
#define ERATO_CORE_BASE_CONCAT_H_

#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace erato {

inline absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

namespace concat_internal {
template <typename T>
decltype(auto) Piece(const T& piece) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return AbslView(piece);
  } else {
    return (piece);
  }
}
}  // namespace concat_internal

/// The pieces, end to end.
template <typename... Pieces>
[[nodiscard]] std::string Concat(const Pieces&... pieces) {
  return absl::StrCat(concat_internal::Piece(pieces)...);
}

}  // namespace erato

#endif  // ERATO_CORE_BASE_CONCAT_H_
