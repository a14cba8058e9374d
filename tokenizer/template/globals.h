// The functions that a template finds without anybody's having set them.
#ifndef ERATO_TOKENIZER_TEMPLATE_GLOBALS_H_
#define ERATO_TOKENIZER_TEMPLATE_GLOBALS_H_

#include <optional>
#include <string>
#include <string_view>

#include "tokenizer/template/arguments.h"

namespace erato {

struct Global {
  std::string_view name;
  Signature signature;
  Value (*call)(Run& run, const Bound& args);
};

/// The function as a value; nullopt where there is none of that name.
std::optional<Value> FindGlobal(std::string_view name);
Value CallGlobal(Run& run, const Global& global, const Arguments& args);

/// strftime in the C locale and UTC; an error where a directive is unknown.
std::string FormatTime(Run& run, const std::string& format, int64_t unix_seconds);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_GLOBALS_H_
