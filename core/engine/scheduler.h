// How many rows of one step each request gets. Integers only: no tokens, no memory, no device.
//
// A request that needs one row (its next token) goes first: that row is what somebody watches
// appear. What is left of the budget is shared by the prompts, each getting an equal part and
// passing on what it does not need (max-min fairness), so that a short prompt does not wait for a
// long one. Some of the budget is held back for prompts, so that neither side can starve the other,
// and within a side who was served longest ago is served first.
#ifndef ERATO_CORE_ENGINE_SCHEDULER_H_
#define ERATO_CORE_ENGINE_SCHEDULER_H_

#include <cstdint>
#include <vector>

namespace erato {

struct Candidate {
  int32_t need = 0;         // rows until logits come: 1 while decoding, more for a prompt
  int64_t served_step = 0;  // the last step that it had rows in
  int32_t rows = 0;         // the answer; rows == need asks for a logit row as well
};

struct StepBudget {
  int32_t rows = 0;
  int32_t logit_rows = 0;
};

/// Sets `rows` of every candidate and takes what it gave from `budget`. `step` counts steps. Gives
/// at least one row when there is a candidate and budget for it.
void PlanRows(int64_t step, std::vector<Candidate>& candidates, StepBudget& budget);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_SCHEDULER_H_
