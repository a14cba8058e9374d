// What the engine runs: integers in, logits out. A Model is bound to one backend, which holds its
// weights.
#ifndef ERATO_CORE_ENGINE_MODEL_H_
#define ERATO_CORE_ENGINE_MODEL_H_

#include <cstdint>

#include "absl/types/span.h"
#include "core/ops/ops.h"

namespace erato {

/// Weights are immutable after binding; the activations that Forward works in belong to the model,
/// so one Run at a time.
class Model : public Program {
 public:
  virtual int32_t vocabulary() const = 0;      // ids are 0 … vocabulary-1
  virtual int32_t context_length() const = 0;  // most positions of one sequence
  virtual int32_t max_rows()
      const = 0;  // most rows of one step (activations were reserved for these)
  virtual int32_t max_logit_rows() const = 0;  // most logit rows of one step
  virtual absl::Span<const KvLayerSpec> kv_layers() const = 0;
  virtual const Activation& logits() const = 0;  // [logit rows of the last run, vocabulary]
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_MODEL_H_
