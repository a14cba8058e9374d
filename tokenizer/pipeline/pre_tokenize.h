// The steps that cut a text into words; some of them rewrite it too.
#ifndef ERATO_TOKENIZER_PIPELINE_PRE_TOKENIZE_H_
#define ERATO_TOKENIZER_PIPELINE_PRE_TOKENIZE_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/pipeline/aligned_text.h"
#include "tokenizer/pipeline/spec.h"
#include "tokenizer/pipeline/split.h"

namespace erato {

/// Words in order; they need not cover the text.
struct CutText {
  explicit CutText(AlignedText whole, bool at_begin) : text(std::move(whole)), at_begin(at_begin) {
    if (!text.text.empty()) words.push_back({0, text.text.size()});
  }
  std::string_view View(const Word& word) const {
    return std::string_view(text.text).substr(word.begin, word.end - word.begin);
  }
  AlignedText text;
  std::vector<Word> words;
  bool at_begin;  // whether the text is the begin of the input
};

/// One step, ready to run; safe to use from any number of threads.
class PreTokenizerStep {
 public:
  virtual ~PreTokenizerStep() = default;
  virtual void Apply(CutText& cut) const = 0;
};

/// UNIMPLEMENTED says what of a regular expression we cannot run.
absl::StatusOr<std::unique_ptr<const PreTokenizerStep>> NewPreTokenizerStep(
    const PreTokenizerSpec& spec);

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_PRE_TOKENIZE_H_
