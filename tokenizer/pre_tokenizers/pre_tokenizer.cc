// The list of pre-tokenisers: a new name is a line here.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <string>

#include "tokenizer/message.h"

namespace erato {
namespace {

constexpr PreTokenizer kPreTokenizers[] = {
    // name        scanner        nfc    whole_words
    {"gpt-2", Gpt2WordEnd, false, false},
    {"llama-bpe", Llama3WordEnd, false, true},
    {"qwen2", Qwen2WordEnd, true, false},
    {"smollm", SmolLmWordEnd, false, false},
};

}  // namespace

absl::StatusOr<const PreTokenizer*> FindPreTokenizer(std::string_view name) {
  if (name.empty()) name = "gpt-2";
  std::string known;
  for (const PreTokenizer& p : kPreTokenizers) {
    if (p.name == name) return &p;
    known.append(known.empty() ? "" : ", ").append(p.name);
  }
  return message::Wrong("[vocabulary] pre-tokeniser, got ", message::Quoted(name),
                        ", expected one of ", known);
}

}  // namespace erato
