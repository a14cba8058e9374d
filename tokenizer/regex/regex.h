// Regular expressions of the kinds that tokenisers publish, matched in linear time.
//
// The dialect is the one of Oniguruma's Ruby syntax, which Hugging Face's tokenizers use: classes
// with nesting and &&, \p{…}, \s \d \w \h, groups, (?i: ), alternation, greedy and lazy
// quantifiers, look-ahead of any kind, look-behind of one code point, \b ^ $ \A \z \Z; possessive
// quantifiers and atomic groups where they hold one class. Of several ways to match the first in
// the order of alternatives and quantifiers counts, as in Perl.
//
// How, in two passes (Frisch and Cardelli 2004, "Greedy regular expression matching"): from the
// text's end to its begin a deterministic automaton (liveness.h) notes at each position from which
// instructions of the program a match can be completed. Then from the begin to the end the program
// is walked; at each choice it takes the first alternative that is live, so that it never goes
// wrong and never comes back. Every code point costs a table look-up and a few steps, whatever the
// pattern, and finding all matches of a text is linear as a whole.
#ifndef ERATO_TOKENIZER_REGEX_REGEX_H_
#define ERATO_TOKENIZER_REGEX_REGEX_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace erato {

/// Immutable and safe to use from any number of threads.
class Regex {
 public:
  struct Match {
    size_t begin, end;
    bool operator==(const Match&) const = default;
  };
  /// A part of a text: from the end of the one before to `end`.
  struct Piece {
    size_t end;
    bool matched;
    bool operator==(const Piece&) const = default;
  };

  /// INVALID_ARGUMENT says where the pattern is malformed or holds what is not supported:
  /// back-references, conditions, atomic groups and look-behind but for the above, repeats of what
  /// may match nothing, patterns above 16 KiB or whose program or automaton is above its limit.
  static absl::StatusOr<std::unique_ptr<const Regex>> Compile(std::string_view pattern);
  virtual ~Regex() = default;

  /// Appends the matches in well-formed text from left to right; none overlap. A match may be
  /// empty, but not where the one before ends. Takes 2 bytes of memory a byte of text.
  virtual void FindAll(std::string_view text, std::vector<Match>& out) const = 0;

  /// Appends the pieces into which the matches cut the text. None is empty; an empty match cuts.
  void Split(std::string_view text, std::vector<Piece>& out) const;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_REGEX_REGEX_H_
