#include "core/cpu/kv_pool.h"

#include <cstring>
#include <utility>

namespace erato::cpu {

namespace {

size_t ElementBytes(const KvLayerSpec& layer) {
  return layer.wide ? sizeof(float) : sizeof(uint16_t);
}

}  // namespace

CpuKvPool::CpuKvPool(absl::Span<const KvLayerSpec> layers) : layers_(layers.begin(), layers.end()) {
  for (const KvLayerSpec& layer : layers_) {
    offsets_.push_back(page_bytes_);
    const size_t widths = static_cast<size_t>(layer.k_width) + static_cast<size_t>(layer.v_width);
    page_bytes_ += RoundUp(
        static_cast<size_t>(layer.kv_heads) * widths * block_tokens * ElementBytes(layer), 64);
  }
}

absl::Status CpuKvPool::Grow(int32_t blocks) {
  const int32_t before = this->blocks();
  if (blocks <= before) return absl::OkStatus();
  pages_.reserve(static_cast<size_t>(blocks));
  memory_.reserve(static_cast<size_t>(blocks));
  for (int32_t b = before; b < blocks; b++) {
    absl::StatusOr<Buffer> page = Buffer::Make(page_bytes_, "attention cache");
    if (!page.ok()) {
      Shrink(before);
      return page.status();
    }
    // What is read past the last position is thrown away, but must be numbers.
    std::memset(page->data(), 0, page_bytes_);
    pages_.push_back(page->data());
    memory_.push_back(*std::move(page));
  }
  return absl::OkStatus();
}

void CpuKvPool::Shrink(int32_t blocks) {
  if (blocks >= this->blocks()) return;
  pages_.resize(static_cast<size_t>(blocks));
  memory_.resize(static_cast<size_t>(blocks));
}

size_t CpuKvPool::KeyOffset(int32_t layer, int32_t head) const {
  const KvLayerSpec& spec = layers_[static_cast<size_t>(layer)];
  const size_t keys = static_cast<size_t>(head) * static_cast<size_t>(spec.k_width);
  return offsets_[static_cast<size_t>(layer)] + keys * block_tokens * ElementBytes(spec);
}

size_t CpuKvPool::ValueOffset(int32_t layer, int32_t head) const {
  const KvLayerSpec& spec = layers_[static_cast<size_t>(layer)];
  const size_t keys = static_cast<size_t>(spec.kv_heads) * static_cast<size_t>(spec.k_width);
  const size_t values = static_cast<size_t>(head) * static_cast<size_t>(spec.v_width);
  return offsets_[static_cast<size_t>(layer)] + (keys + values) * block_tokens * ElementBytes(spec);
}

}  // namespace erato::cpu
