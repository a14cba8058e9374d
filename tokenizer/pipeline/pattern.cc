#include "tokenizer/pipeline/pattern.h"

#include <utility>

#include "tokenizer/message.h"

namespace erato {
namespace {

constexpr size_t kMostTextBytes = 16 << 10;

}  // namespace

absl::StatusOr<Pattern> Pattern::Create(const PatternSpec& spec) {
  if (spec.text.empty() || spec.text.size() > kMostTextBytes) {
    return message::Wrong("[tokenizer] pattern, got ", spec.text.size(), " bytes, expected 1 to ",
                          kMostTextBytes);
  }
  Pattern pattern;
  if (!spec.is_regex) {
    pattern.text_ = spec.text;
    return pattern;
  }
  pattern.word_end_ = FindScanner(spec.text);
  if (pattern.word_end_ != nullptr) return pattern;
  absl::StatusOr<std::unique_ptr<const Regex>> regex = Regex::Compile(spec.text);
  if (!regex.ok()) return absl::UnimplementedError(regex.status().message());
  pattern.regex_ = *std::move(regex);
  return pattern;
}

}  // namespace erato
