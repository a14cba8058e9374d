// The expressions that model makers publish in tokenizer.json (or, where a model has none, in its
// code), under the names of the families that share them. Where llama.cpp, whose names GGUF uses,
// writes one differently because its engine knows less, this is the maker's.
#ifndef ERATO_TOKENIZER_PRE_TOKENIZERS_PATTERNS_H_
#define ERATO_TOKENIZER_PRE_TOKENIZERS_PATTERNS_H_

#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace erato::cut_rules {

extern const CutRule kGpt2, kSmolLm, kLlama3, kQwen2, kO200k, kTekken;
extern const CutRule kDefault, kQwen35, kDeepSeekLlm, kDeepSeekCoder, kDeepSeekV3, kSpark, kYoutu,
    kFalcon, kBloom, kViking, kChameleon, kTinyAya, kKimiK2, kSuperBpe, kBailing, kSeedCoder,
    kUfakzeka, kAfmoe, kLaguna, kExaoneMoe, kJais2, kMiniCpm5;

}  // namespace erato::cut_rules

#endif  // ERATO_TOKENIZER_PRE_TOKENIZERS_PATTERNS_H_
