// Literals of the template language: numbers and quoted strings.
#ifndef ERATO_TOKENIZER_TEMPLATE_LITERAL_H_
#define ERATO_TOKENIZER_TEMPLATE_LITERAL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tokenizer/template/lexer.h"

namespace erato {

/// Bytes of the longest number at the begin of `text` (0: none) and whether it is a float, which it
/// may only be where `may_be_float` (not after a dot: `a.1.5`).
struct NumberExtent {
  size_t bytes = 0;
  bool is_float = false;
};
NumberExtent MeasureNumber(std::string_view text, bool may_be_float);

/// Fills in `token.integer` or `token.real`. An integer beyond 64 bits is an error.
absl::Status ParseNumber(std::string_view text, bool is_float, Token& token);

/// The escapes of a Python string, without its quotes.
absl::StatusOr<std::string> Unescape(std::string_view text, Position at);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_LITERAL_H_
