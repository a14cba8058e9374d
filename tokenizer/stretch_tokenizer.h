// What every kind of tokeniser does alike: joins the spans, takes out the special pieces, adds BOS
// and EOS. What lies between two special pieces is a stretch, and the kind turns stretches into
// ids.
#ifndef ERATO_TOKENIZER_STRETCH_TOKENIZER_H_
#define ERATO_TOKENIZER_STRETCH_TOKENIZER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/encode_scratch.h"
#include "tokenizer/joined_text.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/tokenizer.h"

namespace erato {

class StretchTokenizer : public Tokenizer {
 public:
  absl::StatusOr<std::vector<int32_t>> Encode(absl::Span<const TextSpan> spans,
                                              const EncodeOptions& options) const final;
  void AppendBytes(int32_t id, bool special, std::string& out) const final;
  const Vocabulary& vocabulary() const final { return vocabulary_; }

 protected:
  /// `vocabulary` has been checked.
  explicit StretchTokenizer(Vocabulary vocabulary)
      : vocabulary_(std::move(vocabulary)), special_pieces_(vocabulary_) {}

  using Scratch = EncodeScratch;
  /// Appends the ids of well-formed text that is not empty.
  virtual void EncodeStretch(std::string_view stretch, Scratch& scratch,
                             std::vector<int32_t>& out) const = 0;
  /// Appends the bytes of a piece that is normal or a byte.
  virtual void AppendPiece(int32_t id, std::string& out) const = 0;

  Vocabulary::PieceType TypeOf(int32_t id) const {
    return vocabulary_.types.empty() ? Vocabulary::PieceType::kNormal : vocabulary_.types[id];
  }

 private:
  void EncodeText(const JoinedText& joined, std::vector<int32_t>& out) const;
  void AddBosAndEos(std::vector<int32_t>& ids) const;

  const Vocabulary vocabulary_;
  const SpecialPieces special_pieces_;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_STRETCH_TOKENIZER_H_
