#include "capi/src/token_scores.h"

#include <string>

namespace erato::capi {
namespace {

void AddToken(const Tokenizer* tokenizer, int32_t id, double logprob, JsonText& json) {
  json.Field("id", id).Field("logprob", logprob);
  if (tokenizer == nullptr || id >= tokenizer->size()) return;
  std::string bytes;
  tokenizer->AppendBytes(id, true, bytes);
  json.Field("token", std::string_view(bytes)).Key("bytes").Open('[');
  for (const char byte : bytes) json.Add(int{static_cast<unsigned char>(byte)});
  json.Close(']');
}

}  // namespace

void AddTokenScore(const Tokenizer* tokenizer, int32_t id, const TokenLogprobs& logprobs,
                   JsonText& json) {
  json.Open('{');
  AddToken(tokenizer, id, logprobs.chosen, json);
  json.Key("top_logprobs").Open('[');
  for (int32_t i = 0; i < logprobs.count; ++i) {
    const auto at = static_cast<size_t>(i);
    json.Open('{');
    AddToken(tokenizer, logprobs.ids[at], logprobs.values[at], json);
    json.Close('}');
  }
  json.Close(']').Close('}');
}

}  // namespace erato::capi
