// Methods of strings, dicts, lists and the few other types: what a sandboxed template may call.
// Nothing here changes a value; Python's methods that do (append, update, pop …) are unknown, as in
// the ImmutableSandboxedEnvironment.
#ifndef ERATO_TOKENIZER_TEMPLATE_METHODS_H_
#define ERATO_TOKENIZER_TEMPLATE_METHODS_H_

#include <string_view>

#include "absl/types/span.h"
#include "tokenizer/template/arguments.h"

namespace erato {

struct Method {
  std::string_view name;
  Signature signature;
  Value (*call)(Run& run, const Value& self, const Bound& args);
};

/// Null where the value's type has no such method.
const Method* FindMethod(const Value& self, std::string_view name);
Value CallMethod(Run& run, const Method& method, const Value& self, const Arguments& args);

absl::Span<const Method> StringMethods();
absl::Span<const Method> StringShapeMethods();
absl::Span<const Method> StringQueryMethods();

/// str.format
Value FormatBraces(Run& run, const MarkedString& format, const Arguments& args);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_METHODS_H_
