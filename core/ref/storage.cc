#include "core/ref/storage.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/status.h"

namespace erato::ref {

absl::StatusOr<Buffer> NewFloats(int64_t count, std::string_view what) {
  ERATO_ASSIGN_OR_RETURN(Buffer values,
                         Buffer::Make(static_cast<size_t>(count) * sizeof(float), what));
  std::fill_n(values.as<float>(), count, std::numeric_limits<float>::quiet_NaN());
  return values;
}

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
  const int32_t before = this->blocks();
  if (blocks > before) blocks_.reserve(static_cast<size_t>(blocks));
  while (this->blocks() < blocks) {
    absl::StatusOr<Buffer> block =
        NewFloats(static_cast<int64_t>(block_values_), "attention cache");
    if (!block.ok()) {
      Shrink(before);
      return block.status();
    }
    blocks_.push_back(*std::move(block));
  }
  return absl::OkStatus();
}

void RefKvPool::Shrink(int32_t blocks) {
  if (static_cast<size_t>(blocks) < blocks_.size()) blocks_.resize(blocks);
}

float* RefKvPool::Keys(int32_t layer, absl::Span<const int32_t> table, int32_t p) {
  const Place& at = places_[layer];
  return blocks_[table[p / block_tokens]].as<float>() + at.keys + (p % block_tokens) * at.key_cols;
}

float* RefKvPool::Values(int32_t layer, absl::Span<const int32_t> table, int32_t p) {
  const Place& at = places_[layer];
  return blocks_[table[p / block_tokens]].as<float>() + at.values +
         (p % block_tokens) * at.value_cols;
}

}  // namespace erato::ref
