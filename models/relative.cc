// Bucket borders come from float32 logarithms, and some fall exactly on whole numbers: so the
// arithmetic here is float32 too, in the order in which the models were trained.
#include "models/relative.h"

#include <algorithm>
#include <cmath>

namespace erato {

std::vector<int32_t> BucketsOfBias(int32_t buckets, int32_t max_distance) {
  const int32_t half = buckets / 2, exact = half / 2;
  const float whole = static_cast<float>(std::log(static_cast<double>(max_distance) / exact));
  std::vector<int32_t> rows;
  for (int32_t d = -max_distance; d <= max_distance; ++d) {
    const int32_t n = std::abs(d);
    int32_t bucket = n;
    if (n >= exact) {
      const float part = std::log(static_cast<float>(n) / static_cast<float>(exact));
      bucket = exact + static_cast<int32_t>(part / whole * static_cast<float>(half - exact));
      bucket = std::min(bucket, half - 1);
    }
    rows.push_back(bucket + (d < 0 ? half : 0));
  }
  return rows;
}

std::vector<int32_t> BucketsOfDistance(int32_t buckets, int32_t max_distance) {
  const int32_t span = buckets > 0 ? buckets : max_distance, mid = buckets / 2;
  const auto middle = static_cast<float>(mid);
  const auto whole = std::log(static_cast<float>(static_cast<double>(max_distance - 1) / mid));
  std::vector<int32_t> rows;
  for (int32_t d = -max_distance; d <= max_distance; ++d) {
    const int32_t n = std::abs(d);
    int32_t bucket = n;
    if (buckets > 0 && n > mid) {
      const float part = std::log(static_cast<float>(n) / middle) / whole;
      bucket = static_cast<int32_t>(std::ceil(part * (middle - 1)) + middle);
    }
    rows.push_back(std::clamp((d < 0 ? -bucket : bucket) + span, 0, 2 * span - 1));
  }
  return rows;
}

}  // namespace erato
