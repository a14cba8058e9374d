// Pre-tokenisers: how a byte-level BPE vocabulary cuts text into words before it merges inside
// each. Model makers publish them as regular expressions; here each is a hand-written scanner that
// walks the text once and never backtracks.
#ifndef ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
#define ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_

#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"

namespace erato {

struct PreTokenizer {
  std::string_view name;  // as GGUF spells it in tokenizer.ggml.pre
  /// The end of the word that begins at `begin` < text.size(); always beyond `begin` and on a code
  /// point boundary. `text` is well-formed UTF-8. All calls over one text together take time linear
  /// in its size.
  size_t (*word_end)(std::string_view text, size_t begin);
  bool nfc;          // text is put into normalisation form C first
  bool whole_words;  // a word that is itself a piece becomes that piece without merging
                     // ("ignore_merges")
};

/// An empty name means "gpt-2". INVALID_ARGUMENT names the known ones.
absl::StatusOr<const PreTokenizer*> FindPreTokenizer(std::string_view name);

// The scanners. Each states its expression in its file.
size_t Gpt2WordEnd(std::string_view text, size_t begin);
size_t SmolLmWordEnd(std::string_view text, size_t begin);
size_t Llama3WordEnd(std::string_view text, size_t begin);
size_t Qwen2WordEnd(std::string_view text, size_t begin);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
