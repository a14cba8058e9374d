#include "core/ref/storage.h"

#include <limits>
#include <new>

#include "absl/strings/str_cat.h"

namespace erato::ref {

RefKvPool::RefKvPool(absl::Span<const KvLayerSpec> layers) {
  for (const KvLayerSpec& layer : layers) {
    Place place;
    place.key_cols = int64_t{layer.kv_heads} * layer.k_width;
    place.value_cols = int64_t{layer.kv_heads} * layer.v_width;
    place.keys = block_values_;
    place.values = place.keys + block_tokens * place.key_cols;
    block_values_ = place.values + block_tokens * place.value_cols;
    places_.push_back(place);
  }
}

absl::Status RefKvPool::Grow(int32_t blocks) {
  const size_t before = blocks_.size();
  try {
    while (blocks_.size() < static_cast<size_t>(blocks)) {
      blocks_.emplace_back(block_values_, std::numeric_limits<float>::quiet_NaN());
    }
  } catch (const std::bad_alloc&) {
    blocks_.resize(before);
    return absl::ResourceExhaustedError(
        absl::StrCat("[ref cache] memory, got ", before, " blocks, expected ", blocks));
  }
  return absl::OkStatus();
}

void RefKvPool::Shrink(int32_t blocks) {
  if (static_cast<size_t>(blocks) < blocks_.size()) blocks_.resize(blocks);
}

float* RefKvPool::Keys(int32_t layer, absl::Span<const int32_t> table, int32_t p) {
  const Place& at = places_[layer];
  return blocks_[table[p / block_tokens]].data() + at.keys + (p % block_tokens) * at.key_cols;
}

float* RefKvPool::Values(int32_t layer, absl::Span<const int32_t> table, int32_t p) {
  const Place& at = places_[layer];
  return blocks_[table[p / block_tokens]].data() + at.values + (p % block_tokens) * at.value_cols;
}

}  // namespace erato::ref
