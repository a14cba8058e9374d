// A SentencePiece vocabulary, BPE or unigram, from a GGUF file's arrays or from SentencePiece's own
// file.
#ifndef ERATO_TOKENIZER_SENTENCEPIECE_H_
#define ERATO_TOKENIZER_SENTENCEPIECE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/sentencepiece_bpe.h"
#include "tokenizer/sentencepiece_text.h"
#include "tokenizer/stretch_tokenizer.h"
#include "tokenizer/unigram.h"

namespace erato {

class SentencePiece final : public StretchTokenizer {
 public:
  /// `vocabulary` has passed CheckVocabulary. Errors are those of the charsmap.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(Vocabulary vocabulary);

  DecodeRules decode_rules() const override;

 private:
  explicit SentencePiece(Vocabulary vocabulary);
  void ReadBytes();
  void ReadUnigram();
  double ScoreOf(int32_t id, size_t bytes) const;
  void EncodeStretch(std::string_view stretch, Scratch& scratch,
                     std::vector<int32_t>& out) const override;
  void EncodeBpe(std::string_view text, Scratch& scratch, std::vector<int32_t>& out) const;
  void EncodeUnigram(std::string_view text, std::vector<int32_t>& out) const;
  void AppendUnknown(std::string_view bytes, std::vector<int32_t>& out) const;
  void AppendPiece(int32_t id, std::string& out) const override;

  SentencePieceText text_;
  std::optional<SentencePieceBpe> bpe_;  // one of the two
  std::optional<Unigram<float>> unigram_;
  float best_score_ = 0;  // of the unigram model's normal pieces
  std::array<int32_t, 256> byte_ids_;
  bool has_bytes_ = false;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_SENTENCEPIECE_H_
