// SentencePiece's precompiled normalisation rules ("charsmap"): strings and what they become, for
// example U+FF21 to A.
//
// The format (normalizer.cc of SentencePiece): a 32-bit little-endian size in bytes, a double-array
// trie of that size in the layout of Darts-clone (Yata), then NUL-terminated texts; a leaf of the
// trie holds the offset of its text. Nothing in it is believed: every step of a walk and every
// offset is checked, so that a hostile file matches less, and reads nothing that is not its own.
#ifndef ERATO_TOKENIZER_CHARSMAP_H_
#define ERATO_TOKENIZER_CHARSMAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace erato {

class Charsmap {
 public:
  Charsmap() = default;  // no rules
  /// INVALID_ARGUMENT where sizes do not fit, a text does not end or is not UTF-8. Empty bytes are
  /// no rules.
  static absl::StatusOr<Charsmap> Parse(std::string_view bytes);

  struct Match {
    size_t bytes = 0;  // 0: no rule matches
    std::string_view text;
  };
  /// The rule with the longest left side that the text has at `at`.
  Match Longest(std::string_view text, size_t at) const;
  /// The rule with the shortest one.
  Match Shortest(std::string_view text) const;
  bool empty() const { return units_.empty(); }

 private:
  template <typename Visit>
  void Walk(std::string_view text, const Visit& visit) const;
  bool TextAt(size_t offset, std::string_view& text) const;

  std::vector<uint32_t> units_;
  std::string texts_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_CHARSMAP_H_
