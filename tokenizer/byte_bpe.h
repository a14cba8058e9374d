// Byte-level BPE (Radford et al. 2019): text is cut into words, a word's bytes are letters of an
// alphabet of 256, and merges join them in the order of their ranks.
#ifndef ERATO_TOKENIZER_BYTE_BPE_H_
#define ERATO_TOKENIZER_BYTE_BPE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/stretch_tokenizer.h"
#include "tokenizer/text_map.h"

namespace erato {

class ByteBpe final : public StretchTokenizer {
 public:
  /// `vocabulary` has passed CheckVocabulary. Errors are about its merges and its pre-tokeniser.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(Vocabulary vocabulary);

 private:
  using PieceIds = TextMap<int32_t>;

  ByteBpe(Vocabulary vocabulary, const PreTokenizer& pre_tokenizer, PatternCutter cutter);
  absl::Status ReadMerges();
  void EncodeStretch(std::string_view stretch, Scratch& scratch,
                     std::vector<int32_t>& out) const override;
  void EncodeKnownWord(std::string_view word, Scratch& scratch, std::vector<int32_t>& out) const;
  void EncodeWord(std::string_view word, Scratch& scratch, std::vector<int32_t>& out) const;
  void AppendPiece(int32_t id, std::string& out) const override;

  const PreTokenizer& pre_tokenizer_;
  PatternCutter cutter_;               // where the pre-tokeniser has no scanner
  PieceIds ids_;                       // views of vocabulary().pieces; the lowest id of each text
  std::array<int32_t, 256> byte_ids_;  // -1: the vocabulary has no piece for the byte
  std::unordered_map<uint64_t, bpe::Pair, absl::Hash<uint64_t>>
      merges_;  // left id << 32 | right id
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_BYTE_BPE_H_
