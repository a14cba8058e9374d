#include "tokenizer/bpe_merge.h"

#include <algorithm>
#include <functional>

namespace erato::bpe {

uint32_t RankQueue::BucketOf(int32_t rank) {
  uint32_t& recent = recent_[static_cast<size_t>(rank) % recent_.size()];
  if (recent < buckets_.size() && buckets_[recent].rank == rank) return recent;
  const auto [place, is_new] =
      bucket_of_rank_.try_emplace(rank, static_cast<uint32_t>(buckets_.size()));
  if (is_new) buckets_.emplace_back().rank = rank;
  return recent = place->second;
}

void RankQueue::Push(int32_t rank, int32_t position) {
  ++steps_;
  const uint32_t index = BucketOf(rank);
  Bucket& bucket = buckets_[index];
  if (bucket.empty()) {
    bucket.rising.clear();
    bucket.taken = 0;
    heap_.push_back(static_cast<uint64_t>(rank) << 32 | index);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  if (bucket.rising.empty() || bucket.rising.back() <= position) {
    bucket.rising.push_back(position);
  } else {
    bucket.late.push_back(position);
    std::push_heap(bucket.late.begin(), bucket.late.end(), std::greater<>());
  }
}

int32_t RankQueue::Take(Bucket& bucket) {
  const bool has_rising = bucket.taken < bucket.rising.size();
  if (has_rising && (bucket.late.empty() || bucket.rising[bucket.taken] <= bucket.late.front())) {
    return bucket.rising[bucket.taken++];
  }
  std::pop_heap(bucket.late.begin(), bucket.late.end(), std::greater<>());
  const int32_t position = bucket.late.back();
  bucket.late.pop_back();
  return position;
}

bool RankQueue::Pop(int32_t& rank, int32_t& position) {
  if (heap_.empty()) return false;
  ++steps_;
  Bucket& bucket = buckets_[heap_.front() & UINT32_MAX];
  rank = bucket.rank;
  position = Take(bucket);
  if (bucket.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }
  return true;
}

}  // namespace erato::bpe
