// Mistral 7B (Jiang et al. 2023): Llama that looks back a window only. Later models of the family
// have no window.
#include "core/base/status.h"
#include "models/families.h"

namespace erato {

absl::StatusOr<DecoderPlan> PlanMistral(const Keys& keys) {
  ERATO_ASSIGN_OR_RETURN(DecoderPlan plan, PlanLlama(keys));
  plan.spec.family = "mistral";
  ERATO_ASSIGN_OR_RETURN(
      const int64_t window,
      keys.Int({".attention.sliding_window", "sliding_window"}, 1, INT32_MAX, 0));
  for (LayerSpec& layer : plan.spec.layers) {
    layer.token_mixer.window = static_cast<int32_t>(window);
  }
  return plan;
}

}  // namespace erato
