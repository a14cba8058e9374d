// Which row of a table of parameters belongs to the distance of two positions.
#ifndef ERATO_MODELS_RELATIVE_H_
#define ERATO_MODELS_RELATIVE_H_

#include <cstdint>
#include <vector>

namespace erato {

/// T5's buckets (Raffel et al. 2020), as MPNet has them: half for what comes before, half for what
/// comes after; of each half, half for single distances and the rest spaced by logarithm up to
/// max_distance. [2·max_distance + 1] by distance = position − other, from −max_distance.
std::vector<int32_t> BucketsOfBias(int32_t buckets, int32_t max_distance);

/// DeBERTa's (He et al. 2021, as version 2 has them): distances below buckets/2 for themselves, the
/// rest spaced by logarithm up to max_distance; row = bucket + span, which has 2·span rows. buckets
/// 0: every distance for itself.
std::vector<int32_t> BucketsOfDistance(int32_t buckets, int32_t max_distance);

}  // namespace erato

#endif  // ERATO_MODELS_RELATIVE_H_
