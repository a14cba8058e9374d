// Tokens that are found in the text as they are spelt, before the model sees it. Two rounds: most
// in the text as it came, those that are "normalized" in its normal form. A token that needs trust
// (special_pieces.h) is always looked for in the first: trust is a matter of the input's bytes.
#ifndef ERATO_TOKENIZER_PIPELINE_ADDED_TOKENS_H_
#define ERATO_TOKENIZER_PIPELINE_ADDED_TOKENS_H_

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "tokenizer/joined_text.h"
#include "tokenizer/piece_trie.h"
#include "tokenizer/pipeline/spec.h"

namespace erato {

class AddedTokens {
 public:
  /// A token with the text to look for.
  struct Entry {
    std::string text;
    AddedTokenSpec spec;
    bool needs_trust = false;
  };
  AddedTokens() = default;
  explicit AddedTokens(std::vector<Entry> entries);

  /// A stretch of text without tokens (id -1), or a token.
  struct Part {
    size_t begin, end;
    int32_t id;
  };
  /// Cuts a text, none of whose parts is empty. A token that needs trust must lie in trusted bytes
  /// as a whole.
  void Cut(std::string_view text, TrustCursor trust, std::vector<Part>& out) const;
  bool empty() const { return entries_.empty(); }

 private:
  struct Match {
    const Entry* entry = nullptr;
    size_t end = 0;
  };
  Match LongestAt(std::string_view text, size_t at, size_t trusted_end) const;

  std::vector<Entry> entries_;
  PieceTrie trie_;  // ids are indices of entries_
  std::bitset<256> first_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_ADDED_TOKENS_H_
