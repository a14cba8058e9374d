#include "tokenizer/pipeline/split.h"

namespace erato {

// A match goes to what is before it only if that is no match, and so from the other side: of a run
// of matches only the nearest is merged.
void Splitter::Part(size_t end, bool is_match) {
  if (end == at_) return;
  const Word part{at_, end};
  at_ = end;
  switch (behavior_) {
    case SplitBehavior::kRemoved:
      if (!is_match) out_.push_back(part);
      break;
    case SplitBehavior::kIsolated:
      out_.push_back(part);
      break;
    case SplitBehavior::kContiguous:
      if (has_words() && is_match == after_match_) {
        out_.back().end = end;
      } else {
        out_.push_back(part);
      }
      break;
    case SplitBehavior::kWithPrevious:
      if (is_match && !after_match_ && has_words()) {
        out_.back().end = end;
      } else {
        out_.push_back(part);
      }
      break;
    case SplitBehavior::kWithNext:
      if (!is_match && after_match_) {
        out_.back().end = end;
      } else {
        out_.push_back(part);
      }
      break;
  }
  after_match_ = is_match;
}

}  // namespace erato
