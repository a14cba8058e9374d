#include <algorithm>
#include <map>

#include "tokenizer/message.h"
#include "tokenizer/regex/liveness.h"

namespace erato::regex {
namespace {

constexpr size_t kMostClasses = 256;
constexpr size_t kPageSize = 256, kPages = (kLastCodePoint + 1) / kPageSize;

// Where some set begins or ends.
std::vector<char32_t> Borders(const std::vector<CharSet>& sets) {
  std::vector<char32_t> borders = {0};
  for (const CharSet& set : sets) {
    for (const CharSet::Range& range : set.ranges()) {
      borders.push_back(range.first);
      borders.push_back(range.last + 1);
    }
  }
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  if (borders.back() <= kLastCodePoint) borders.push_back(kLastCodePoint + 1);
  return borders;
}

}  // namespace

absl::StatusOr<CharClasses> CharClasses::Create(const std::vector<CharSet>& sets) {
  const std::vector<char32_t> borders = Borders(sets);
  std::map<std::vector<bool>, uint8_t> numbers;
  CharClasses classes;
  std::vector<size_t> next(sets.size(), 0);  // of each set, the range that may hold the next border
  std::vector<uint8_t> flat(kLastCodePoint + 1);
  for (size_t i = 0; i + 1 < borders.size(); ++i) {
    std::vector<bool> members(sets.size());
    for (size_t s = 0; s < sets.size(); ++s) {
      const auto& ranges = sets[s].ranges();
      while (next[s] < ranges.size() && ranges[next[s]].last < borders[i]) ++next[s];
      members[s] = next[s] < ranges.size() && ranges[next[s]].first <= borders[i];
    }
    const auto [place, is_new] =
        numbers.try_emplace(members, static_cast<uint8_t>(classes.members_.size()));
    if (is_new && classes.members_.size() == kMostClasses) {
      return message::Wrong("[regex] pattern, got more than ", kMostClasses,
                            " classes of code points, expected fewer");
    }
    if (is_new) classes.members_.push_back(members);
    std::fill(flat.begin() + borders[i], flat.begin() + borders[i + 1], place->second);
  }
  std::map<std::array<uint8_t, kPageSize>, uint16_t> pages;
  for (size_t p = 0; p < kPages; ++p) {
    std::array<uint8_t, kPageSize> page;
    std::copy_n(flat.begin() + static_cast<ptrdiff_t>(p * kPageSize), kPageSize, page.begin());
    const auto [place, is_new] =
        pages.try_emplace(page, static_cast<uint16_t>(classes.pages_.size()));
    if (is_new) classes.pages_.push_back(page);
    classes.page_of_.push_back(place->second);
  }
  return classes;
}

}  // namespace erato::regex
