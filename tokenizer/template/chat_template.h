// Chat templates: the Jinja that model makers publish, run by a bounded interpreter that has no way
// to the outside.
#ifndef ERATO_TOKENIZER_TEMPLATE_CHAT_TEMPLATE_H_
#define ERATO_TOKENIZER_TEMPLATE_CHAT_TEMPLATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/template/value.h"

namespace erato {

/// Each limit that is hit is a RESOURCE_EXHAUSTED error which names it.
struct TemplateLimits {
  size_t max_source_bytes = size_t{1} << 20;
  int max_depth = 100;             // of the syntax, of macro calls, of values
  int64_t max_steps = 10'000'000;  // nodes evaluated
  size_t max_output_bytes = size_t{64} << 20;
  int64_t max_list_items = 1'000'000;
};

/// What was written, and by whom: the template's own text is scaffold, everything that came from
/// the caller's values is content (whatever filters it went through).
struct RenderedSpan {
  std::string text;
  bool scaffold = false;
};

/// Immutable; Render may be called from any number of threads.
class ChatTemplate {
 public:
  /// INVALID_ARGUMENT with line and column where the source is not a template that we understand.
  static absl::StatusOr<std::unique_ptr<const ChatTemplate>> Parse(
      std::string_view source, const TemplateLimits& limits = {});
  virtual ~ChatTemplate() = default;
  /// `variables`: messages, tools, add_generation_prompt, bos_token, eos_token and whatever else
  /// the template asks for. raise_exception(…) is INVALID_ARGUMENT with its message.
  /// `now_unix_seconds`: what strftime_now sees; absent = an error when it is called.
  virtual absl::StatusOr<std::vector<RenderedSpan>> Render(
      const Value& variables, const int64_t* now_unix_seconds) const = 0;
};

/// The spans' text, end to end.
std::string TextOf(const std::vector<RenderedSpan>& spans);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_CHAT_TEMPLATE_H_
