// From which instructions a match can be completed, at each position of a text: an automaton that
// reads the text backwards.
//
// Live(p), the set of live instructions at position p, follows from Live(p + 1), the code point at
// p and, for look-behind, the one before it: an instruction that takes a code point is live where
// its set has it and its successor is live at p + 1; a split where either branch is; a look-ahead
// where its own program is live at p, or is not. So look-ahead of any length costs nothing more,
// and there is no place for backtracking. The sets that can occur are numbered when the pattern is
// compiled, and code points are put into classes that no set of the pattern tells apart.
#ifndef ERATO_TOKENIZER_REGEX_LIVENESS_H_
#define ERATO_TOKENIZER_REGEX_LIVENESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/regex/program.h"

namespace erato::regex {

/// Code points that no set tells apart, numbered.
class CharClasses {
 public:
  /// INVALID_ARGUMENT where there are more than 256.
  static absl::StatusOr<CharClasses> Create(const std::vector<CharSet>& sets);
  uint8_t Of(char32_t c) const { return pages_[page_of_[c >> 8]][c & 0xFF]; }
  size_t size() const { return members_.size(); }
  bool InSet(size_t char_class, size_t set) const { return members_[char_class][set]; }

 private:
  std::vector<uint16_t> page_of_;
  std::vector<std::array<uint8_t, 256>> pages_;
  std::vector<std::vector<bool>> members_;  // by class, of each set
};

class Liveness {
 public:
  using State = uint16_t;

  /// INVALID_ARGUMENT where there would be too many states.
  static absl::StatusOr<Liveness> Create(const Program& program);

  /// Sets states[p] for each position p from 0 to text.size() where a code point begins or the text
  /// ends.
  void Read(std::string_view text, std::vector<State>& states) const;
  bool IsLive(State state, size_t instruction) const {
    return sets_[state * words_ + instruction / 64] >> (instruction % 64) & 1;
  }

 private:
  using Bits = std::vector<uint64_t>;
  Bits Step(const Program& program, const Bits* after, size_t char_class, size_t kind) const;
  void FindKinds(const Program& program);
  State& Next(size_t state, size_t char_class, size_t kind) {
    return next_[(state * classes_.size() + char_class) * kinds_ + kind];
  }

  CharClasses classes_;
  // What look-behind can tell of the code point before: nothing, or which of the sets it is in.
  std::vector<uint8_t> kind_of_class_;
  std::vector<size_t> class_of_kind_;  // one of the classes; of kind 0, the text's begin: none
  size_t kinds_ = 0;
  size_t words_ = 0;            // of a set of instructions
  std::vector<uint64_t> sets_;  // by state
  std::vector<State> next_;     // by state, class and kind
  std::vector<State> at_end_;   // by kind
};

}  // namespace erato::regex

#endif  // ERATO_TOKENIZER_REGEX_LIVENESS_H_
