// Penalties for what was said before: logits are lowered in place. No step here allocates once its
// scratch has grown.
#ifndef ERATO_CORE_ENGINE_PENALTIES_H_
#define ERATO_CORE_ENGINE_PENALTIES_H_

#include <cstdint>

#include "absl/types/span.h"
#include "core/engine/sampler.h"

namespace erato {

/// Of a token that is n > 0 times among the last penalty_window tokens:
///   l' = (l > 0 ? l / repetition : l · repetition) - presence - n · frequency.
/// `scale`: what a temperature has divided the logits by so far (they are stored undivided).
void Penalise(const SamplerOptions& options, double scale, absl::Span<float> logits,
              absl::Span<const int32_t> history, SamplerScratch& scratch);

/// DRY ("don't repeat yourself", p-e-w, text-generation-webui 2024): where the last n tokens stood
/// before and x followed, and n is the longest such length of x, then
///   l'(x) = l(x) - multiplier · base^(n - allowed_length)   if n >= allowed_length.
/// Neither the n tokens nor x may be breakers. Lengths come from the Z-array of the history read
/// backwards, in linear time.
void PenaliseRepetition(const SamplerOptions& options, double scale, absl::Span<float> logits,
                        absl::Span<const int32_t> history, SamplerScratch& scratch);

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_PENALTIES_H_
