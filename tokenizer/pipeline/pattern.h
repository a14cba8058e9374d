// What Split and Replace look for, as something that finds its matches in linear time.
#ifndef ERATO_TOKENIZER_PIPELINE_PATTERN_H_
#define ERATO_TOKENIZER_PIPELINE_PATTERN_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/regex/regex.h"

namespace erato {

/// A text, or a regular expression: one that a scanner is written for, or any that the linear
/// matcher takes.
class Pattern {
 public:
  /// UNIMPLEMENTED says what of a regular expression is wrong or not supported.
  static absl::StatusOr<Pattern> Create(const PatternSpec& spec);

  /// Calls visit(begin, end) for each match in well-formed text, leftmost first; matches do not
  /// overlap. An expression may match nothing; then begin is end.
  template <typename Visit>
  void ForEachMatch(std::string_view text, const Visit& visit) const {
    if (regex_ != nullptr) {
      std::vector<Regex::Match> matches;
      regex_->FindAll(text, matches);
      for (const Regex::Match& match : matches) visit(match.begin, match.end);
      return;
    }
    for (size_t at = 0; at < text.size();) {
      const size_t begin = word_end_ != nullptr ? at : text.find(text_, at);
      if (begin == std::string_view::npos) return;
      at = word_end_ != nullptr ? word_end_(text, begin) : begin + text_.size();
      visit(begin, at);
    }
  }

 private:
  std::string text_;            // sought as it is, where neither of the next two is there
  WordEnd word_end_ = nullptr;  // of an expression that matches all of a text
  std::shared_ptr<const Regex> regex_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_PATTERN_H_
