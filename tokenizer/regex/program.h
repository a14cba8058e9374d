// The tree of a pattern as a program for the automaton and the walk.
#ifndef ERATO_TOKENIZER_REGEX_PROGRAM_H_
#define ERATO_TOKENIZER_REGEX_PROGRAM_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/regex/syntax.h"

namespace erato::regex {

struct Instruction {
  enum class Op : uint8_t {
    kMatch,
    kSet,     // one code point of sets[set], then `next`
    kSplit,   // `next`, or else `other`
    kBehind,  // the code point before is of sets[set]; at the text's begin: `negated`
    kAhead,   // the program at `other` matches from here, or does not where `negated`
    kTextEnd,
  };
  Op op = Op::kMatch;
  bool negated = false;
  uint16_t set = 0;
  uint16_t next = 0, other = 0;
};

struct Program {
  std::vector<Instruction> code;
  uint16_t start = 0;
  /// The instructions so that each comes behind those that it can reach without taking a code
  /// point.
  std::vector<uint16_t> order;
  std::vector<CharSet> sets;
};

/// INVALID_ARGUMENT where the program would be too long, or a repeated part may match nothing.
absl::StatusOr<Program> Assemble(Pattern pattern);

}  // namespace erato::regex

#endif  // ERATO_TOKENIZER_REGEX_PROGRAM_H_
