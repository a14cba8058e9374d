// What SentencePiece does to a text before its model sees it (normalizer.cc of SentencePiece):
// rules of the charsmap, longest first; one space between words and none at the ends, where the
// model says so; a space in front; U+2581 for each space. Symbols that the model's author defined
// are left as they are.
#ifndef ERATO_TOKENIZER_SENTENCEPIECE_TEXT_H_
#define ERATO_TOKENIZER_SENTENCEPIECE_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "tokenizer/charsmap.h"
#include "tokenizer/piece_trie.h"
#include "tokenizer/tokenizer.h"

namespace erato {

class SentencePieceText {
 public:
  /// Errors are those of the charsmap.
  static absl::StatusOr<SentencePieceText> Create(const Vocabulary& vocabulary);

  /// Replaces `out` by the model's form of well-formed `text`.
  void Prepare(std::string_view text, std::string& out) const;
  /// User-defined symbols, where they are the model's business (Vocabulary::inner_symbols).
  const PieceTrie& symbols() const { return symbols_; }

 private:
  struct Step {
    size_t bytes;           // of the input
    std::string_view text;  // what they become
  };
  Step NextStep(std::string_view text, size_t at) const;
  std::string_view Space() const;

  Charsmap charsmap_;
  PieceTrie symbols_;
  bool prefix_ = false, suffix_ = false, tidy_ = false, escape_ = true;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_SENTENCEPIECE_TEXT_H_
