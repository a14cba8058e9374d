// A BPE vocabulary over letters from plain lists, as GGUF files have it.
#ifndef ERATO_TOKENIZER_PIPELINE_LETTER_BPE_VOCABULARY_H_
#define ERATO_TOKENIZER_PIPELINE_LETTER_BPE_VOCABULARY_H_

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/tokenizer.h"

namespace erato {

/// The steps that the model makers' tokenizer.json has around such a vocabulary. "whitespace" (Jina
/// v2 base zh): words and runs of symbols, white space is lost. The others (Gemma 4 and those who
/// took its tokenizer, Sarvam): U+2581 for each space, then merges over the whole text; what has no
/// piece becomes bytes. (llama.cpp, which cannot look up merges with newlines, cuts at these, and
/// takes a run of newlines that is a piece whole; as a user-defined piece it is that here too.)
/// INVALID_ARGUMENT where a merge is not two pieces with a space between them.
absl::StatusOr<TokenizerSpec> LetterBpeSpec(const Vocabulary& vocabulary);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_LETTER_BPE_VOCABULARY_H_
