// Memory that the stretches of one call of Encode share, so that threads share none.
#ifndef ERATO_TOKENIZER_ENCODE_SCRATCH_H_
#define ERATO_TOKENIZER_ENCODE_SCRATCH_H_

#include <string>
#include <vector>

#include "tokenizer/bpe_merge.h"
#include "tokenizer/word_cache.h"

namespace erato {

struct EncodeScratch {
  WordCache words;
  bpe::PairCache pairs;
  std::vector<bpe::Symbol> symbols;
  std::string text;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_ENCODE_SCRATCH_H_
