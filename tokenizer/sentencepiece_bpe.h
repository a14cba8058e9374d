// SentencePiece's BPE (Kudo and Richardson 2018) from plain arrays: spaces are written as U+2581,
// letters merge into the piece of highest score, and what no piece covers becomes bytes.
#ifndef ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_
#define ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/stretch_tokenizer.h"
#include "tokenizer/text_map.h"

namespace erato {

class SentencePieceBpe final : public StretchTokenizer {
 public:
  /// `vocabulary` has passed CheckVocabulary.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(Vocabulary vocabulary);

  bool drops_leading_space() const override { return vocabulary().add_space_prefix; }

 private:
  explicit SentencePieceBpe(Vocabulary vocabulary);
  void RankPieces();
  void NoteGlue(std::string_view piece);
  size_t WordEnd(std::string_view text, size_t begin) const;
  void EncodeStretch(std::string_view stretch, Scratch& scratch,
                     std::vector<int32_t>& out) const override;
  void EncodeWord(std::string_view word, Scratch& scratch, std::vector<int32_t>& out) const;
  void AppendUnknown(std::string_view bytes, std::vector<int32_t>& out) const;
  void AppendPiece(int32_t id, std::string& out) const override;

  std::vector<std::string> space_runs_;  // the escaped text of IsSpaceRun pieces
  // Pieces that merging may make, and letters: views of vocabulary().pieces and space_runs_, the
  // lowest id of each text. The rank is the place of the score, highest first; equal scores share
  // one.
  TextMap<bpe::Pair> pieces_;
  std::array<int32_t, 256> byte_ids_;
  bool has_bytes_ = false;
  // The bytes that some piece has before an inner U+2581. Behind any other byte a U+2581 begins a
  // word that no merge joins with what is before it, so that words can be encoded one by one.
  std::bitset<256> glue_;
  size_t most_bytes_ = 0;  // of a piece
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_SENTENCEPIECE_BPE_H_
