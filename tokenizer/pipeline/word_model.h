// The part of a pipeline that turns a word into ids.
#ifndef ERATO_TOKENIZER_PIPELINE_WORD_MODEL_H_
#define ERATO_TOKENIZER_PIPELINE_WORD_MODEL_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/encode_scratch.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/tokenizer.h"

namespace erato {

struct WordToken {
  int32_t id;
  size_t begin, end;  // in the word
};

/// Immutable; safe to use from any number of threads.
class WordModel {
 public:
  virtual ~WordModel() = default;
  /// Appends the tokens of a word of well-formed text, which is not empty.
  virtual void Encode(std::string_view word, EncodeScratch& scratch,
                      std::vector<WordToken>& out) const = 0;
  /// The end of a part of `word` from `begin` on that can be encoded by itself.
  virtual size_t PartEnd(std::string_view word, size_t /*begin*/) const { return word.size(); }
};

/// `vocabulary` holds the model's pieces and those added to them, and outlives the model: pieces
/// that need trust (special_pieces.h) are made of no text. INVALID_ARGUMENT names what is wrong.
absl::StatusOr<std::unique_ptr<const WordModel>> NewWordModel(const ModelSpec& spec,
                                                              const Vocabulary& vocabulary);

// One for each kind.
absl::StatusOr<std::unique_ptr<const WordModel>> NewBpeModel(const ModelSpec& spec,
                                                             const Vocabulary& vocabulary);
absl::StatusOr<std::unique_ptr<const WordModel>> NewUnigramModel(const ModelSpec& spec,
                                                                 const Vocabulary& vocabulary);
absl::StatusOr<std::unique_ptr<const WordModel>> NewWordPieceModel(const ModelSpec& spec,
                                                                   const Vocabulary& vocabulary);
absl::StatusOr<std::unique_ptr<const WordModel>> NewWordLevelModel(const ModelSpec& spec,
                                                                   const Vocabulary& vocabulary);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_WORD_MODEL_H_
