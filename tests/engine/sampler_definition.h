// What the sampler's options mean, by the book: everything sorted, everything summed, libm's
// functions, repetitions found by looking at every place. Slow and obvious.
#ifndef ERATO_TESTS_ENGINE_SAMPLER_DEFINITION_H_
#define ERATO_TESTS_ENGINE_SAMPLER_DEFINITION_H_

#include <cstdint>
#include <map>
#include <vector>

#include "core/engine/sampler.h"

namespace erato {

using Logits = std::vector<float>;
using History = std::vector<int32_t>;

/// The probability of every token that may be drawn. `xtc`: whether that step's own draw says yes.
/// `mu`: Mirostat's bound.
std::map<int32_t, double> Distribution(const Logits& logits, const History& history,
                                       const SamplerOptions& options, bool xtc = true,
                                       double mu = 0);

/// `draws` draws with draw numbers from `first` on: each must be a token that the definition
/// allows, and their counts must fit it (chi-square, 5 sigma).
void ExpectDraws(const Logits& logits, const History& history, const SamplerOptions& options,
                 int draws, int64_t first = 0);

}  // namespace erato

#endif  // ERATO_TESTS_ENGINE_SAMPLER_DEFINITION_H_
