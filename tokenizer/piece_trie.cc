#include "tokenizer/piece_trie.h"

#include <algorithm>

namespace erato {

PieceTrie::PieceTrie(std::vector<Entry> entries) : nodes_(1) {
  std::erase_if(entries, [](const Entry& e) { return e.text.empty(); });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    const int order = a.text.compare(b.text);
    return order != 0 ? order < 0 : a.id < b.id;
  });
  const auto same = [](const Entry& a, const Entry& b) { return a.text == b.text; };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  // All entries of [low, high) pass through a node, `depth` bytes below the root.
  struct Range {
    uint32_t low, high;
  };
  std::vector<Range> ranges = {{0, static_cast<uint32_t>(entries.size())}}, next;
  uint32_t node = 0;
  for (size_t depth = 0; !ranges.empty(); ++depth, ranges.swap(next)) {
    next.clear();
    for (Range range : ranges) {
      const uint32_t self = node++;
      if (depth > 0 && entries[range.low].text.size() == depth) {
        nodes_[self].id = entries[range.low++].id;
      }
      nodes_[self].first = static_cast<uint32_t>(nodes_.size());
      while (range.low < range.high) {
        const char byte = entries[range.low].text[depth];
        uint32_t end = range.low + 1;
        while (end < range.high && entries[end].text[depth] == byte) ++end;
        nodes_.emplace_back().byte = static_cast<unsigned char>(byte);
        next.push_back({range.low, end});
        ++nodes_[self].count;
        range.low = end;
      }
    }
  }
}

}  // namespace erato
