#include "core/engine/blocks.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_cat.h"

namespace erato {

BlockAllocator::BlockAllocator(KvPool* pool, int32_t limit) : pool_(pool), limit_(limit) {
  int32_t blocks = std::min(pool->blocks(), limit);
  taken_.assign(blocks, 0);
  for (int32_t id = 0; id < blocks; ++id) free_.push_back(id);  // ascending is a min-heap
}

int32_t BlockAllocator::available() const {
  int32_t growth = growth_failed_ || pool_ == nullptr ? 0 : limit_ - total();
  return static_cast<int32_t>(free_.size()) + growth;
}

absl::Status BlockAllocator::Grow(int32_t least) {
  // A quarter more at a time: few copies of the pool, little memory that nobody uses. Where that is
  // too much the pool grows as far as it can, so that available() tells the truth afterwards.
  for (int32_t more = std::max(least, total() / 4); least > 0;) {
    more = std::min(more, limit_ - total());
    taken_.reserve(total() + more);
    free_.reserve(total() + more);
    absl::Status grown = pool_->Grow(total() + more);
    if (!grown.ok()) {
      if (more > 1) {
        more /= 2;
        continue;
      }
      growth_failed_ = true;
      return grown;
    }
    least -= more;
    for (; more > 0; --more) {
      free_.push_back(total());
      std::push_heap(free_.begin(), free_.end(), std::greater<>());
      taken_.push_back(0);
    }
    more = std::max(least, 1);
  }
  return absl::OkStatus();
}

absl::Status BlockAllocator::Take(int32_t count, std::vector<int32_t>& table) {
  if (count > available()) {
    return absl::ResourceExhaustedError(
        absl::StrCat("[kv cache] blocks, got ", available(), ", expected ", count));
  }
  table.reserve(table.size() + count);
  int32_t lacking = count - static_cast<int32_t>(free_.size());
  if (lacking > 0) {
    if (absl::Status grown = Grow(lacking); !grown.ok()) return grown;
  }
  for (int32_t i = 0; i < count; ++i) {
    std::pop_heap(free_.begin(), free_.end(), std::greater<>());
    taken_[free_.back()] = 1;
    table.push_back(free_.back());
    free_.pop_back();
  }
  return absl::OkStatus();
}

void BlockAllocator::GiveBack(std::vector<int32_t>& table, size_t keep) noexcept {
  while (table.size() > keep) {
    taken_[table.back()] = 0;
    free_.push_back(table.back());
    std::push_heap(free_.begin(), free_.end(), std::greater<>());
    table.pop_back();
  }
}

void BlockAllocator::Trim() {
  if (pool_ == nullptr || used() * 2 > total()) return;
  int32_t end = total();
  while (end > 0 && !taken_[end - 1]) --end;
  if (end * 2 > total() || end == total()) return;
  pool_->Shrink(end);
  taken_.resize(end);
  free_.erase(std::remove_if(free_.begin(), free_.end(), [end](int32_t id) { return id >= end; }),
              free_.end());
  std::make_heap(free_.begin(), free_.end(), std::greater<>());
}

void BlockAllocator::Close() noexcept { pool_ = nullptr; }

}  // namespace erato
