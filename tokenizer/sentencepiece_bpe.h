// SentencePiece's BPE (Kudo and Richardson 2018): letters merge into the piece of highest score,
// and what no piece covers becomes bytes.
#ifndef ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_
#define ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/encode_scratch.h"
#include "tokenizer/text_map.h"
#include "tokenizer/tokenizer.h"

namespace erato {

class SentencePieceBpe {
 public:
  /// `vocabulary` has passed CheckVocabulary and outlives this.
  explicit SentencePieceBpe(const Vocabulary& vocabulary);

  /// Appends the ids of a text in which spaces are U+2581. `unknown(bytes, out)` appends those of
  /// what no piece covers.
  template <typename Unknown>
  void Encode(std::string_view text, EncodeScratch& scratch, std::vector<int32_t>& out,
              const Unknown& unknown) const {
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = WordEnd(text, begin);
      const std::string_view word = text.substr(begin, end - begin);
      begin = end;
      if (scratch.words.Append(word, out)) continue;
      const size_t before = out.size();
      const bool whole = MergeWord(word, scratch);
      const std::vector<bpe::Symbol>& symbols = scratch.symbols;
      for (size_t i = 0; i < symbols.size(); ++i) {
        if (symbols[i].id >= 0) {
          out.push_back(symbols[i].id);
          continue;
        }
        const size_t from = static_cast<size_t>(symbols[i].begin);
        const size_t to =
            i + 1 < symbols.size() ? static_cast<size_t>(symbols[i + 1].begin) : word.size();
        unknown(word.substr(from, to - from), out);
      }
      // What an unknown letter becomes can depend on what is before it.
      if (whole) scratch.words.Add(word, absl::MakeConstSpan(out).subspan(before));
    }
  }

 private:
  void RankPieces();
  void NoteGlue(std::string_view piece);
  size_t WordEnd(std::string_view text, size_t begin) const;
  /// Leaves the word's symbols in the scratch; whether all of them are pieces.
  bool MergeWord(std::string_view word, EncodeScratch& scratch) const;

  const Vocabulary& vocabulary_;
  std::vector<std::string> space_runs_;  // the escaped text of IsSpaceRun pieces
  // Pieces that merging may make, and letters: views of the vocabulary's pieces and space_runs_,
  // the lowest id of each text. The rank is the place of the score, highest first; equal scores
  // share one.
  TextMap<bpe::Pair> pieces_;
  // The bytes that some piece has before an inner U+2581. Behind any other byte a U+2581 begins a
  // word that no merge joins with what is before it, so that words can be encoded one by one.
  std::bitset<256> glue_;
  size_t most_bytes_ = 0;  // of a piece
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_
