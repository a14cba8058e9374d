// Logprobs in the JSON family's shape.
#ifndef ERATO_CAPI_SRC_TOKEN_SCORES_H_
#define ERATO_CAPI_SRC_TOKEN_SCORES_H_

#include <cstdint>

#include "capi/src/json_text.h"
#include "core/engine/logprobs.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

/// {"token": text, "id", "logprob", "bytes": [0 … 255], "top_logprobs": [the same, without it]}.
/// Bytes of a token need not be whole code points: `token` has U+FFFD where they are not. Without a
/// tokenizer there are ids alone.
void AddTokenScore(const Tokenizer* tokenizer, int32_t id, const TokenLogprobs& logprobs,
                   JsonText& json);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TOKEN_SCORES_H_
