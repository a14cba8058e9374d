// Pieces by their bytes: which of them begin at a place of the text, in one walk.
//
// Nodes lie in breadth-first order, so that the children of one are neighbours in the order of
// their bytes and need no pointers. A walk is bounded by the longest piece.
#ifndef ERATO_TOKENIZER_PIECE_TRIE_H_
#define ERATO_TOKENIZER_PIECE_TRIE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace erato {

class PieceTrie {
 public:
  struct Entry {
    std::string_view text;  // needed while the trie is built; empty texts are left out
    int32_t id;
  };
  PieceTrie() : nodes_(1) {}
  /// Of entries with one text the lowest id stays.
  explicit PieceTrie(std::vector<Entry> entries);

  using Node = uint32_t;
  static constexpr Node kRoot = 0;
  /// The child of `node` at `byte`; kRoot where there is none.
  Node Child(Node node, char byte) const {
    const NodeData& data = nodes_[node];
    uint32_t low = data.first, high = data.first + data.count;
    const auto wanted = static_cast<unsigned char>(byte);
    if (data.count == 256) return low + wanted;
    while (high - low > 4) {
      const uint32_t middle = (low + high) / 2;
      if (nodes_[middle].byte <= wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    for (; low < high; ++low) {
      if (nodes_[low].byte == wanted) return low;
    }
    return kRoot;
  }
  /// The id of the piece that ends here, or -1.
  int32_t id(Node node) const { return nodes_[node].id; }

  /// Calls visit(end, id) for each piece that the text has at `at`, shortest first.
  template <typename Visit>
  void ForEachAt(std::string_view text, size_t at, const Visit& visit) const {
    Node node = kRoot;
    for (size_t i = at; i < text.size();) {
      node = Child(node, text[i++]);
      if (node == kRoot) return;
      if (nodes_[node].id >= 0) visit(i, nodes_[node].id);
    }
  }
  struct Match {
    int32_t id = -1;
    size_t bytes = 0;
  };
  /// The longest piece at `at`; id -1 where there is none.
  Match Longest(std::string_view text, size_t at) const {
    Match best;
    ForEachAt(text, at, [&](size_t end, int32_t id) { best = {id, end - at}; });
    return best;
  }
  bool empty() const { return nodes_.size() == 1; }

 private:
  struct NodeData {
    uint32_t first = 0;  // child
    uint16_t count = 0;
    unsigned char byte = 0;  // that leads here
    int32_t id = -1;
  };
  std::vector<NodeData> nodes_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIECE_TRIE_H_
