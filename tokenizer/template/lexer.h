// A template's source as tokens. Whitespace control happens here, as in Jinja with trim_blocks and
// lstrip_blocks: the text between tags comes out as it is to be printed.
#ifndef ERATO_TOKENIZER_TEMPLATE_LEXER_H_
#define ERATO_TOKENIZER_TEMPLATE_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace erato {

/// Where in the source; both count from 1, columns in bytes.
struct Position {
  uint32_t line = 1, column = 1;
};

/// `[template line L column C] message`
absl::Status TemplateError(Position at, std::string_view message);

struct Token {
  enum class Kind {
    kData,
    kPrintBegin,  // {{
    kPrintEnd,
    kTagBegin,  // {%
    kTagEnd,
    kName,
    kString,
    kInteger,
    kFloat,
    kOperator,
    kEnd
  };
  Kind kind = Kind::kEnd;
  Position at;
  std::string text;  // of a string without its quotes and escapes
  int64_t integer = 0;
  double real = 0;
};

/// The last token is kEnd.
absl::StatusOr<std::vector<Token>> Tokenize(std::string_view source);

/// What a token is called in messages.
std::string Describe(const Token& token);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_LEXER_H_
