// Text from pieces. Abseil may be built with a string_view of its own (Debian builds it so), to
// which the standard one does not convert; here it does.
#ifndef ERATO_TOKENIZER_TEMPLATE_CONCAT_H_
#define ERATO_TOKENIZER_TEMPLATE_CONCAT_H_

#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace erato {

inline absl::string_view AbslText(std::string_view text) { return {text.data(), text.size()}; }

template <typename Piece>
decltype(auto) ConcatPiece(const Piece& piece) {
  if constexpr (std::is_same_v<Piece, std::string_view>) {
    return AbslText(piece);
  } else {
    return (piece);
  }
}

template <typename... Pieces>
std::string Concat(const Pieces&... pieces) {
  return absl::StrCat(ConcatPiece(pieces)...);
}

template <typename... Pieces>
void AppendPieces(std::string* out, const Pieces&... pieces) {
  absl::StrAppend(out, ConcatPiece(pieces)...);
}

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_CONCAT_H_
