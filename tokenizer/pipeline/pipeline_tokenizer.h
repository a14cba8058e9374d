// A tokenizer that runs the steps of a TokenizerSpec.
#ifndef ERATO_TOKENIZER_PIPELINE_PIPELINE_TOKENIZER_H_
#define ERATO_TOKENIZER_PIPELINE_PIPELINE_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/joined_text.h"
#include "tokenizer/pipeline/added_tokens.h"
#include "tokenizer/pipeline/decode.h"
#include "tokenizer/pipeline/normalize.h"
#include "tokenizer/pipeline/pre_tokenize.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/pipeline/word_model.h"
#include "tokenizer/tokenizer.h"

namespace erato {

class PipelineTokenizer final : public Tokenizer {
 public:
  /// INVALID_ARGUMENT names what is wrong with a step, UNIMPLEMENTED what we cannot run.
  static absl::StatusOr<std::unique_ptr<const Tokenizer>> Create(const TokenizerSpec& spec);

  absl::StatusOr<std::vector<int32_t>> Encode(absl::Span<const TextSpan> spans,
                                              const EncodeOptions& options) const override;
  absl::StatusOr<Encoding> EncodeDetailed(absl::Span<const TextSpan> first,
                                          const absl::Span<const TextSpan>* second,
                                          const EncodeOptions& options) const override;
  absl::StatusOr<Encoding> AddEnds(Encoding first, const Encoding* second) const override;
  void AppendBytes(int32_t id, bool special, std::string& out) const override;
  const Vocabulary& vocabulary() const override { return vocabulary_; }
  DecodeRules decode_rules() const override;

 private:
  PipelineTokenizer() = default;
  absl::Status ReadVocabulary(const TokenizerSpec& spec);
  absl::Status ReadSteps(const TokenizerSpec& spec);
  absl::Status ReadTemplates(const TokenizerSpec& spec);
  absl::Status ReadAddedTokens(const TokenizerSpec& spec);
  absl::Status ReadTexts(const TokenizerSpec& spec);

  struct Output {
    std::vector<int32_t> ids;
    std::vector<ByteRange> offsets;  // where `aligned`
    bool aligned = false;
    EncodeScratch scratch;
    std::vector<WordToken> tokens;
    void Add(int32_t id, ByteRange range) {
      ids.push_back(id);
      if (aligned) offsets.push_back(range);
    }
  };
  static Encoding Fill(absl::Span<const TemplatePart> parts, bool ends, const Encoding& first,
                       const Encoding* second);
  absl::Status EncodeText(absl::Span<const TextSpan> spans, Output& out) const;
  absl::Status EncodeStretch(std::string_view stretch, size_t begin, Output& out) const;
  absl::Status Normalize(AlignedText& text) const;
  absl::Status EncodeNormal(AlignedText text, bool at_begin, Output& out) const;
  void EncodePart(const CutText& cut, Word part, Output& out) const;

  Vocabulary vocabulary_;
  std::vector<std::unique_ptr<const Normalizer>> normalizers_;
  std::vector<std::unique_ptr<const PreTokenizerStep>> pre_tokenizers_;
  bool marks_begin_ = false;  // whether the input's first word is written unlike others
  std::unique_ptr<const WordModel> model_;
  AddedTokens raw_added_, normal_added_;
  std::vector<TemplatePart> single_, pair_;
  PieceDecoder decoder_;
  std::vector<std::string> texts_;  // what each id reads as
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_PIPELINE_TOKENIZER_H_
