#include "core/engine/scheduler.h"

#include <algorithm>

namespace erato {
namespace {

using Order = std::vector<Candidate*>;

void SortByService(Order& order) {
  std::stable_sort(order.begin(), order.end(), [](const Candidate* a, const Candidate* b) {
    return a->served_step < b->served_step;
  });
}

/// What decoding leaves for prompts: an eighth, at least one; every other step's only row where
/// there is but one.
int32_t HeldBack(int32_t budget, int32_t part, int64_t step) {
  return budget > 1 ? std::max(1, budget / part) : static_cast<int32_t>(step & 1);
}

void PlanDecode(const Order& decode, int32_t most, StepBudget& budget) {
  for (Candidate* c : decode) {
    if (most-- <= 0) return;
    c->rows = 1;
    --budget.rows;
    --budget.logit_rows;
  }
}

void PlanPrompts(Order& prompts, StepBudget& budget) {
  if (static_cast<int32_t>(prompts.size()) > budget.rows) prompts.resize(std::max(0, budget.rows));
  std::stable_sort(prompts.begin(), prompts.end(),
                   [](const Candidate* a, const Candidate* b) { return a->need < b->need; });
  int32_t left = static_cast<int32_t>(prompts.size());
  for (Candidate* c : prompts) {
    c->rows = std::min(c->need, budget.rows / left--);
    if (c->rows == c->need && budget.logit_rows == 0)
      --c->rows;  // its last row waits for a step that has logits
    if (c->rows == c->need) --budget.logit_rows;
    budget.rows -= c->rows;
  }
}

}  // namespace

void PlanRows(int64_t step, std::vector<Candidate>& candidates, StepBudget& budget) {
  Order decode, prompts;
  for (Candidate& c : candidates) {
    c.rows = 0;
    (c.need == 1 ? decode : prompts).push_back(&c);
  }
  SortByService(decode);
  SortByService(prompts);
  int32_t rows = budget.rows, logit_rows = budget.logit_rows;
  if (!prompts.empty()) {
    rows -= HeldBack(rows, 8, step);
    logit_rows -= HeldBack(logit_rows, 8, step);
  }
  PlanDecode(decode, std::min(rows, logit_rows), budget);
  PlanPrompts(prompts, budget);
}

}  // namespace erato
