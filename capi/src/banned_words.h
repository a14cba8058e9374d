// Words that an answer never has, whatever tokens would spell them.
//
// A token completes a word where it holds all of it, or where it begins with a tail of it while the
// answer so far ends with the rest. Which tokens begin with which tail is found once, when the
// answer is asked for; a step then compares the end of the answer with each word.
#ifndef ERATO_CAPI_SRC_BANNED_WORDS_H_
#define ERATO_CAPI_SRC_BANNED_WORDS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/token_filter.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

class BannedWords final : public TokenFilter {
 public:
  /// `tokenizer` outlives it; none of `words` is empty.
  BannedWords(const Tokenizer* tokenizer, std::vector<std::string> words);
  void Forbid(absl::Span<const int32_t> answer, absl::Span<float> logits) const override;

 private:
  struct Word {
    std::string text;
    /// [i]: tokens that complete the word where the answer ends with its first i bytes; [0]: those
    /// that hold it.
    std::vector<std::vector<int32_t>> completions;
  };
  void ReadEnd(absl::Span<const int32_t> answer) const;

  const Tokenizer* const tokenizer_;
  std::vector<Word> words_;
  size_t longest_ = 0;
  // Worked in by Forbid, which one thread at a time calls.
  mutable std::string end_, piece_;
};

/// [vocabulary] 1 = the token's bytes hold one of `texts`.
std::vector<uint8_t> TokensThatHold(const Tokenizer& tokenizer, int32_t vocabulary,
                                    const std::vector<std::string>& texts);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_BANNED_WORDS_H_
