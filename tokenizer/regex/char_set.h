// Sets of code points as sorted ranges, and the named sets that expressions ask for.
#ifndef ERATO_TOKENIZER_REGEX_CHAR_SET_H_
#define ERATO_TOKENIZER_REGEX_CHAR_SET_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace erato::regex {

constexpr char32_t kLastCodePoint = 0x10FFFF;

class CharSet {
 public:
  struct Range {
    char32_t first, last;
    bool operator==(const Range&) const = default;
  };

  CharSet() = default;
  explicit CharSet(char32_t only) : ranges_{{only, only}} {}
  CharSet(char32_t first, char32_t last) : ranges_{{first, last}} {}
  /// In any order, overlapping or not.
  explicit CharSet(std::vector<Range> ranges);

  bool Contains(char32_t value) const;
  /// Sorted, disjoint and not touching each other.
  const std::vector<Range>& ranges() const { return ranges_; }
  bool operator==(const CharSet&) const = default;

  CharSet Or(const CharSet& other) const;
  CharSet And(const CharSet& other) const;
  CharSet Not() const;
  /// With all that differs from a member in case only (simple case mappings).
  CharSet AnyCase() const;

 private:
  std::vector<Range> ranges_;
};

/// The general categories as runs of code points: made once for each expression.
class Categories {
 public:
  Categories();
  /// The set of \p{name}: a general category (L, Lu, …), a script of East Asia, White_Space, Any.
  std::optional<CharSet> Find(std::string_view name) const;
  CharSet Space() const;
  /// As Oniguruma has it: Alphabetic, marks, decimal numbers, connector punctuation, numbers of
  /// Latin-1.
  CharSet Word() const;

 private:
  CharSet OfMask(uint32_t mask) const;

  struct Run {
    char32_t first;
    uint32_t category;
  };
  std::vector<Run> runs_;  // by `first`; each goes on to the next
};

}  // namespace erato::regex

#endif  // ERATO_TOKENIZER_REGEX_CHAR_SET_H_
