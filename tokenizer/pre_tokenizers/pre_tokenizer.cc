// The list of pre-tokenisers: a new name is a line here.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

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
    absl::StrAppend(&known, known.empty() ? "" : ", ", p.name);
  }
  return absl::InvalidArgumentError(absl::StrCat("[vocabulary] pre-tokeniser, got \"",
                                                 absl::CHexEscape(std::string(name.substr(0, 64))),
                                                 "\", expected one of ", known));
}

}  // namespace erato
