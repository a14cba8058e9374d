// What the scalar backend keeps: everything is float32, row-major. Memory that nobody has written
// holds NaN, so that reading it shows.
#ifndef ERATO_CORE_REF_STORAGE_H_
#define ERATO_CORE_REF_STORAGE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/buffer.h"
#include "core/ops/ops.h"

namespace erato::ref {

/// `count` floats, all NaN. RESOURCE_EXHAUSTED that names `what`.
absl::StatusOr<Buffer> NewFloats(int64_t count, std::string_view what);

struct RefWeight final : Weight {
  Buffer values;  // [rows, cols]
  const float* row(int64_t r) const { return values.as<float>() + r * cols; }
};

struct RefActivation final : Activation {
  Buffer values;  // [max_rows, cols]
  float* row(int64_t t) { return values.as<float>() + t * cols; }
  const float* row(int64_t t) const { return values.as<float>() + t * cols; }
};

/// A block is one buffer: for each layer, keys [block_tokens, G·E], then values [block_tokens,
/// G·V].
class RefKvPool final : public KvPool {
 public:
  explicit RefKvPool(absl::Span<const KvLayerSpec> layers);

  absl::Status Grow(int32_t blocks) override;
  void Shrink(int32_t blocks) override;
  int32_t blocks() const override { return static_cast<int32_t>(blocks_.size()); }
  size_t block_bytes() const override { return block_values_ * sizeof(float); }

  /// Where position p of a sequence with this block table keeps its keys [G·E] and values [G·V] of
  /// `layer`.
  float* Keys(int32_t layer, absl::Span<const int32_t> table, int32_t p);
  float* Values(int32_t layer, absl::Span<const int32_t> table, int32_t p);

 private:
  struct Place {
    size_t keys, values;  // offsets in a block
    int64_t key_cols, value_cols;
  };
  std::vector<Place> places_;
  size_t block_values_ = 0;
  std::vector<Buffer> blocks_;
};

inline const RefWeight& AsRef(const Weight& w) { return static_cast<const RefWeight&>(w); }
inline const RefActivation& AsRef(const Activation& a) {
  return static_cast<const RefActivation&>(a);
}
inline RefActivation& AsRef(Activation& a) { return static_cast<RefActivation&>(a); }
inline RefKvPool& AsRef(KvPool& pool) { return static_cast<RefKvPool&>(pool); }

}  // namespace erato::ref

#endif  // ERATO_CORE_REF_STORAGE_H_
