// Cutting a text at matches, and what becomes of these.
#ifndef ERATO_TOKENIZER_PIPELINE_SPLIT_H_
#define ERATO_TOKENIZER_PIPELINE_SPLIT_H_

#include <cstddef>
#include <vector>

#include "tokenizer/pipeline/spec.h"

namespace erato {

/// Bytes [begin, end) of a text.
struct Word {
  size_t begin, end;
};

/// Takes the matches in a stretch, in order, and appends the words that they cut it into; none is
/// empty.
class Splitter {
 public:
  /// The stretch is [begin, end).
  Splitter(SplitBehavior behavior, bool invert, size_t begin, std::vector<Word>& out)
      : behavior_(behavior), invert_(invert), at_(begin), first_(out.size()), out_(out) {}

  /// Matches must not overlap, and come in order.
  void Match(size_t begin, size_t end) {
    Part(begin, invert_);
    Part(end, !invert_);
  }
  void Finish(size_t end) { Part(end, invert_); }

 private:
  void Part(size_t end, bool is_match);
  bool has_words() const { return out_.size() > first_; }

  const SplitBehavior behavior_;
  const bool invert_;
  size_t at_;
  const size_t first_;  // of our words in out_
  std::vector<Word>& out_;
  bool after_match_ = false;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_PIPELINE_SPLIT_H_
