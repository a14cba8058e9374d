// What Split and Replace look for, as something that finds its matches in one walk.
#ifndef ERATO_TOKENIZER_PIPELINE_PATTERN_H_
#define ERATO_TOKENIZER_PIPELINE_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/spec.h"

namespace erato {

/// A text; or one of the regular expressions that published tokenizers have.
class Pattern {
 public:
  /// UNIMPLEMENTED names a regular expression that is none of those.
  static absl::StatusOr<Pattern> Create(const PatternSpec& spec);

  /// Calls visit(begin, end) for each match in well-formed text, leftmost first; matches do not
  /// overlap and are not empty.
  template <typename Visit>
  void ForEachMatch(std::string_view text, const Visit& visit) const {
    for (size_t at = 0; at < text.size();) {
      const Match match = Next(text, at);
      if (match.begin == match.end) return;
      visit(match.begin, match.end);
      at = match.end;
    }
  }

 private:
  enum class Kind { kText, kLetters, kWords };
  enum class Letters { kOne, kSpace, kDigit, kWord };
  struct Match {
    size_t begin, end;  // equal: none
  };
  Match Next(std::string_view text, size_t at) const;
  Match NextRun(std::string_view text, size_t at) const;
  bool Fits(char32_t value) const;
  bool ParseRun(std::string_view regex);

  Kind kind_ = Kind::kText;
  std::string text_;                                                   // kText
  size_t (*word_end_)(std::string_view text, size_t begin) = nullptr;  // kWords: all is matched
  // kLetters: a run of at least least_ and at most most_ of one class
  Letters letters_ = Letters::kOne;
  char32_t one_ = 0;
  size_t least_ = 1, most_ = 1;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_PATTERN_H_
