// Pre-tokenisers: how a byte-level BPE vocabulary cuts text into words before it merges inside
// each. Model makers publish them as regular expressions, one or several that are applied one after
// the other: each cuts the pieces that the one before left, at every begin and end of a match.
// Those of the common families are hand-written scanners here, which walk the text once and never
// backtrack; the others go through the linear matcher (tokenizer/regex).
#ifndef ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
#define ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tokenizer/regex/regex.h"

namespace erato {

/// The end of the word that begins at `begin` < text.size(); always beyond `begin` and on a code
/// point boundary. `text` is well-formed UTF-8. All calls over one text together take time linear
/// in its size.
using WordEnd = size_t (*)(std::string_view text, size_t begin);

/// One way to cut.
struct CutRule {
  WordEnd scanner;  // null: none but the matcher
  absl::Span<const std::string_view> patterns;
};

struct PreTokenizer {
  std::string_view name;  // as GGUF spells it in tokenizer.ggml.pre
  const CutRule* rule;    // null: pieces are letters and not bytes, a LetterBpeSpec
  bool nfc;               // text is put into normalisation form C first
  bool whole_words;       // a word that is itself a piece becomes that piece without merging
                          // ("ignore_merges")
  bool adds_bos;          // files that leave tokenizer.ggml.add_bos_token out mean it
};

/// What an empty name means.
inline constexpr std::string_view kDefaultPreTokenizer = "gpt-2";

/// INVALID_ARGUMENT names the known ones.
absl::StatusOr<const PreTokenizer*> FindPreTokenizer(std::string_view name);
absl::Span<const PreTokenizer> AllPreTokenizers();

/// The scanner whose expression is `pattern`, or null: who reads a pattern from a file need not
/// compile one that is known.
WordEnd FindScanner(std::string_view pattern);

/// Cuts by patterns alone. Immutable and safe to use from any number of threads.
class PatternCutter {
 public:
  static absl::StatusOr<PatternCutter> Create(absl::Span<const std::string_view> patterns);
  /// Replaces `ends` by the ends of the words of well-formed `text`.
  void Cut(std::string_view text, std::vector<size_t>& ends) const;

 private:
  std::vector<std::unique_ptr<const Regex>> steps_;
};

// The scanners. Each states its expression in its file.
size_t Gpt2WordEnd(std::string_view text, size_t begin);
size_t SmolLmWordEnd(std::string_view text, size_t begin);
size_t Llama3WordEnd(std::string_view text, size_t begin);
size_t Qwen2WordEnd(std::string_view text, size_t begin);
size_t O200kWordEnd(std::string_view text, size_t begin);
size_t TekkenWordEnd(std::string_view text, size_t begin);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
