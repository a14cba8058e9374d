// Chat templates for models whose files have none: a caller's choice by name, never a guess.
#ifndef ERATO_TOKENIZER_TEMPLATE_BUILTIN_H_
#define ERATO_TOKENIZER_TEMPLATE_BUILTIN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace erato {

struct BuiltinTemplate {
  std::string_view name;
  std::string_view models;  // for which it is
  std::string_view source;
};

absl::Span<const BuiltinTemplate> BuiltinTemplates();

/// The source behind a name of the list; what has a brace is a source itself, and so is nothing at
/// all. INVALID_ARGUMENT names the list for what is neither.
absl::StatusOr<std::string_view> BuiltinOrSource(std::string_view name_or_source);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_BUILTIN_H_
