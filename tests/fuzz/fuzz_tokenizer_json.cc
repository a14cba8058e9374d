// A tokenizer.json of any bytes: it is refused, or encodes any text into ids of its own with
// offsets inside the text.
#include <cstdint>
#include <string_view>
#include <utility>

#include "capi/src/tokenizer_json.h"
#include "core/base/json.h"
#include "tests/fuzz/promise.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using erato::test::Promise;
  const auto json =
      erato::ParseJson({reinterpret_cast<const char*>(data), bytes}, "tokenizer.json");
  if (!json.ok()) return 0;
  auto spec = erato::capi::TokenizerSpecFromJson(*json);
  if (!spec.ok()) return 0;
  const auto tokenizer = erato::PipelineTokenizer::Create(*std::move(spec));
  if (!tokenizer.ok()) return 0;
  const int32_t size = (*tokenizer)->size();
  for (const std::string_view text :
       {"", "a", "Hello  world's\r\n\t 12345 ",
        "\xc3\xa9\xcc\x81\xe4\xb8\xad\xe2\x96\x81 \xf0\x9f\x91\xa9", "<s>[CLS]<|im_end|> x"}) {
    for (const bool trusted : {false, true}) {
      const auto ids = (*tokenizer)->Encode(text, trusted, {.add_special = true});
      if (!ids.ok()) continue;
      for (const int32_t id : *ids) Promise(id >= 0 && id < size);
      Promise((*tokenizer)->Decode(*ids, trusted).ok());
    }
  }
  return 0;
}
