// A WordPiece vocabulary from a plain list of pieces, as GGUF files have it.
#ifndef ERATO_TOKENIZER_PIPELINE_WORD_PIECE_VOCABULARY_H_
#define ERATO_TOKENIZER_PIPELINE_WORD_PIECE_VOCABULARY_H_

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// BERT's steps around the pieces. A piece that begins a word has U+2581 in front, one that goes on
/// has nothing; BOS and EOS are what is put around a text. Most files do not say whether text is
/// to be made small: then it is, unless a piece has a capital, which no other text could reach.
/// INVALID_ARGUMENT where the unknown piece, BOS or EOS is missing.
absl::StatusOr<TokenizerSpec> WordPieceSpec(const Vocabulary& vocabulary);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_WORD_PIECE_VOCABULARY_H_
