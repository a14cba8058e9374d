// From the text of a pattern to its tree.
#ifndef ERATO_TOKENIZER_REGEX_SYNTAX_H_
#define ERATO_TOKENIZER_REGEX_SYNTAX_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/regex/char_set.h"

namespace erato::regex {

struct Node {
  enum class Kind {
    kEmpty,
    kSet,        // one code point of sets[set]
    kConcat,     // children one after the other
    kAlternate,  // the first child that leads to a match
    kRepeat,     // children[0], min to max times
    kAhead,      // children[0] matches from here, or does not where `negated`; takes nothing
    kBehind,     // the code point before is of sets[set]; at the begin of text: `negated`
    kTextEnd,
  };
  Kind kind = Kind::kEmpty;
  size_t set = 0;
  int min = 0, max = 0;  // max -1: no limit
  bool greedy = true;
  bool negated = false;
  std::vector<Node> children = {};
};

struct Pattern {
  Node root;
  std::vector<CharSet> sets;  // each once
};

/// INVALID_ARGUMENT with the byte offset of what is wrong or not supported.
absl::StatusOr<Pattern> Parse(std::string_view pattern);

}  // namespace erato::regex

#endif  // ERATO_TOKENIZER_REGEX_SYNTAX_H_
