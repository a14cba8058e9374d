// Rotary position embedding (Su et al. 2021, RoFormer): where the frequencies of a head come from.
//
// Pair p of P turns by position / base^(p/P). Longer contexts than the trained one are reached by
// slowing pairs down: linear by one factor (Chen et al. 2023), llama3 slow pairs only, with a
// smooth passage (Llama 3.1), yarn the same by another passage and with louder vectors (Peng et al.
// 2023), and per pair as a list of divisors that a file carries.
#ifndef ERATO_MODELS_ROPE_H_
#define ERATO_MODELS_ROPE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "models/keys.h"

namespace erato {

struct RopeSpec {
  enum class Scaling { kNone, kLinear, kLlama3, kYarn };
  Rope::Pairing pairing = Rope::Pairing::kHalf;
  int32_t pairs = 0;  // P; 2·P values of a head turn, the rest stay
  double base = 10000;
  Scaling scaling = Scaling::kNone;
  double factor = 1;            // how much longer the context gets
  double original_context = 0;  // llama3, yarn: the trained one
  double low_freq = 1,
         high_freq = 4;  // llama3: turns over the original context that bound the passage
  double beta_fast = 32, beta_slow = 1;  // yarn: the same
  bool truncate = true;                  // yarn: the passage begins and ends at whole pairs
  double magnitude = 1;                  // the "attention factor": scales q and k after turning
  std::vector<float> divisors;           // [P] or empty: frequency p is divided by divisors[p]
};

Rope MakeRope(const RopeSpec& spec);

/// Reads base and scaling. `section`: where a config keeps rope_parameters by kind of layer
/// ("full_attention"), that kind, else "". `head_width` bounds how many values turn.
absl::StatusOr<RopeSpec> ReadRope(const Keys& keys, int64_t head_width, double default_base,
                                  std::string_view section = "");

}  // namespace erato

#endif  // ERATO_MODELS_ROPE_H_
