#include "tokenizer/regex/char_set.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

namespace erato::regex {
namespace {

// Beyond it no code point has case (Unicode 15, UnicodeData.txt: Adlam is the last script with it).
constexpr char32_t kLastCased = 0x1E943;
// Smaller sets are closed member by member.
constexpr char32_t kFewMembers = 256;

char32_t Lower(char32_t c) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}
char32_t Upper(char32_t c) {
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

// Letters whose lower case is another's as well (CaseFolding.txt): long s, Kelvin, Angstrom, Ohm.
constexpr std::pair<char32_t, char32_t> kFoldsTo[] = {
    {0x17F, 's'}, {0x212A, 'k'}, {0x212B, 0xE5}, {0x2126, 0x3C9}, {0x1E9E, 0xDF}};

void AddCases(char32_t c, std::vector<CharSet::Range>& out) {
  const char32_t lower = Lower(c), upper = Upper(c);
  for (char32_t other : {c, lower, upper}) out.push_back({other, other});
  for (const auto& [letter, fold] : kFoldsTo) {
    if (lower != fold && c != letter) continue;
    for (char32_t other : {letter, fold, Upper(fold)}) out.push_back({other, other});
  }
}

}  // namespace

CharSet::CharSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  size_t kept = 0;
  for (const Range& range : ranges_) {
    if (kept > 0 && range.first <= ranges_[kept - 1].last + 1) {
      ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, range.last);
    } else {
      ranges_[kept++] = range;
    }
  }
  ranges_.resize(kept);
}

bool CharSet::Contains(char32_t value) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), value,
                                      [](char32_t v, const Range& r) { return v < r.first; });
  return after != ranges_.begin() && value <= (after - 1)->last;
}

CharSet CharSet::Or(const CharSet& other) const {
  std::vector<Range> all = ranges_;
  all.insert(all.end(), other.ranges_.begin(), other.ranges_.end());
  return CharSet(std::move(all));
}

CharSet CharSet::Not() const {
  std::vector<Range> gaps;
  char32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) gaps.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) gaps.push_back({next, kLastCodePoint});
  return CharSet(std::move(gaps));
}

CharSet CharSet::And(const CharSet& other) const { return Not().Or(other.Not()).Not(); }

CharSet CharSet::AnyCase() const {
  char32_t members = 0;
  for (const Range& range : ranges_) members += range.last - range.first + 1;
  std::vector<Range> all = ranges_;
  if (members <= kFewMembers) {
    for (const Range& range : ranges_) {
      for (char32_t c = range.first; c <= range.last; ++c) AddCases(c, all);
    }
    return CharSet(std::move(all));
  }
  for (char32_t c = 0; c <= kLastCased; ++c) {
    const char32_t lower = Lower(c), upper = Upper(c);
    if (lower == c && upper == c) continue;
    if (Contains(c) || Contains(lower) || Contains(upper)) AddCases(c, all);
  }
  return CharSet(std::move(all));
}

}  // namespace erato::regex
