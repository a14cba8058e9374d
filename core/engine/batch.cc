#include "core/engine/batch.h"

namespace erato {

const Step& Batch::Assemble(KvPool* pool, const std::atomic<bool>* stop) {
  ids_.clear();
  positions_.clear();
  logit_rows_.clear();
  row_begin_.assign(1, 0);
  step_.blocks.clear();
  for (const BatchPart& part : parts) {
    const SequenceState& sequence = *part.sequence;
    for (int32_t i = 0; i < part.rows; ++i) {
      if (i >= part.rows - part.logit_rows)
        logit_rows_.push_back(static_cast<int32_t>(ids_.size()));
      ids_.push_back(sequence.tokens[sequence.cached + i]);
      positions_.push_back(sequence.cached + i);
    }
    row_begin_.push_back(static_cast<int32_t>(ids_.size()));
    step_.blocks.emplace_back(sequence.blocks);
  }
  step_.ids = ids_;
  step_.positions = positions_;
  step_.row_begin = row_begin_;
  step_.logit_rows = logit_rows_;
  step_.kv = pool;
  step_.stop = stop;
  return step_;
}

}  // namespace erato
