// A SentencePiece file of any bytes: it is refused, or encodes any text into ids of its own.
#include <cstdint>
#include <string_view>
#include <utility>

#include "tests/fuzz/promise.h"
#include "tokenizer/sentencepiece_model.h"
#include "tokenizer/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using erato::test::Promise;
  auto vocabulary = erato::ParseSentencePieceModel({reinterpret_cast<const char*>(data), bytes});
  if (!vocabulary.ok()) return 0;
  const auto tokenizer = erato::Tokenizer::Create(*std::move(vocabulary));
  if (!tokenizer.ok()) return 0;
  for (const std::string_view text :
       {"", "ab", " a  b\t", "\xe4\xb8\xad\xe2\x96\x81\xef\xac\x81"}) {
    const auto ids = (*tokenizer)->Encode(text, true, {.add_special = true});
    if (!ids.ok()) continue;
    for (const int32_t id : *ids) Promise(id >= 0 && id < (*tokenizer)->size());
    Promise((*tokenizer)->Decode(*ids, true).ok());
  }
  return 0;
}
