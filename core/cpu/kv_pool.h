// Keys and values of all layers in pages of 32 positions.
//
// A page is one allocation. In it, layer after layer: the layer's keys, head after head [k_width,
// 32], then its values, head after head [32, v_width], all float16 or, in a wide layer, float32.
// Keys lie transposed for the sake of scores (attend-inl.h).
#ifndef ERATO_CORE_CPU_KV_POOL_H_
#define ERATO_CORE_CPU_KV_POOL_H_

#include <vector>

#include "absl/types/span.h"
#include "core/base/buffer.h"
#include "core/ops/ops.h"

namespace erato::cpu {

class CpuKvPool : public KvPool {
 public:
  explicit CpuKvPool(absl::Span<const KvLayerSpec> layers);
  absl::Status Grow(int32_t blocks) override;
  void Shrink(int32_t blocks) override;
  int32_t blocks() const override { return static_cast<int32_t>(pages_.size()); }
  size_t block_bytes() const override { return page_bytes_; }

  const uint8_t* const* pages() const { return pages_.data(); }
  uint8_t* page(int32_t block) const { return pages_[static_cast<size_t>(block)]; }
  /// Bytes from the begin of a page to the keys and values of one head.
  size_t KeyOffset(int32_t layer, int32_t head) const;
  size_t ValueOffset(int32_t layer, int32_t head) const;

 private:
  std::vector<KvLayerSpec> layers_;
  std::vector<size_t> offsets_;  // of each layer
  size_t page_bytes_ = 0;
  std::vector<uint8_t*> pages_;
  std::vector<Buffer> memory_;  // the same
};

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_KV_POOL_H_
