// Which cache block belongs to whom: ids alone, the keys and values lie in the backend's pool.
#ifndef ERATO_CORE_ENGINE_BLOCKS_H_
#define ERATO_CORE_ENGINE_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "core/ops/ops.h"

namespace erato {

/// Blocks that hold `tokens` positions.
constexpr int32_t BlocksFor(int64_t tokens) {
  return static_cast<int32_t>((tokens + KvPool::block_tokens - 1) / KvPool::block_tokens);
}

/// Hands out the blocks of one pool, lowest id first so that the tail of the pool falls free and
/// can be given back to the machine. Grows the pool on demand up to `limit` blocks. Not
/// thread-safe: the engine's mutex guards it. Take, Trim and Close touch the pool and so are for
/// when no step runs; GiveBack touches ids alone and may be called at any time.
class BlockAllocator {
 public:
  /// The pool is borrowed and starts with whatever blocks it has, all free.
  BlockAllocator(KvPool* pool, int32_t limit);

  int32_t limit() const { return limit_; }
  int32_t total() const { return static_cast<int32_t>(taken_.size()); }
  int32_t used() const { return total() - static_cast<int32_t>(free_.size()); }
  /// Blocks that Take could give: the free ones, and what the pool may still grow by.
  int32_t available() const;
  const std::vector<int32_t>& free_ids() const { return free_; }  // in no order

  /// Appends `count` blocks to `table`, all or none. RESOURCE_EXHAUSTED where there are not so many
  /// or the pool could not grow; then available() counts the free blocks alone until Retry.
  absl::Status Take(int32_t count, std::vector<int32_t>& table);
  /// Takes back all of `table` but its first `keep` blocks.
  void GiveBack(std::vector<int32_t>& table, size_t keep) noexcept;
  /// Growing may be tried again.
  void Retry() { growth_failed_ = false; }
  /// Shrinks the pool when half of it or more is an unused tail.
  void Trim();
  /// The pool goes; blocks may still be given back.
  void Close() noexcept;

 private:
  absl::Status Grow(int32_t least);

  KvPool* pool_;
  int32_t limit_;
  bool growth_failed_ = false;
  std::vector<uint8_t> taken_;  // [total] 1 = in a table
  std::vector<int32_t> free_;   // min-heap; capacity >= total, so that giving back never allocates
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_BLOCKS_H_
