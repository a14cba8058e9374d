// The rows of one step: which tokens of which sequences, and the arrays of integers that a model
// runs on.
#ifndef ERATO_CORE_ENGINE_BATCH_H_
#define ERATO_CORE_ENGINE_BATCH_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "core/engine/state.h"
#include "core/ops/ops.h"

namespace erato {

/// The next `rows` tokens of one sequence; logits for the last `logit_rows` of them.
struct BatchPart {
  std::shared_ptr<SequenceState> sequence;
  std::shared_ptr<RequestState> request;  // null: logits for measuring
  int32_t rows = 0;
  int32_t logit_rows = 0;
  std::optional<int32_t> sampled;  // outcome, where there is a logit row: a token
  absl::Status error;              // or why there is none
  SamplerState sampler_state{};    // the request's once the token is
  TokenLogprobs logprobs{};
};

/// Reused from step to step, so that a step in steady state allocates nothing here.
class Batch {
 public:
  std::vector<BatchPart> parts;

  /// Lays the parts end to end. The step is valid until parts or their sequences change.
  const Step& Assemble(KvPool* pool, const std::atomic<bool>* stop);

 private:
  std::vector<int32_t> ids_, positions_, row_begin_, logit_rows_;
  Step step_;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_BATCH_H_
