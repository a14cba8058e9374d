#include "tokenizer/bpe_merge.h"

#include <algorithm>
#include <functional>

namespace erato::bpe {

void RankQueue::Push(int32_t rank, int32_t position) {
  ++steps_;
  Bucket& bucket = buckets_[rank];
  if (bucket.empty()) {
    bucket.rising.clear();
    bucket.taken = 0;
    ranks_.push_back(rank);
    std::push_heap(ranks_.begin(), ranks_.end(), std::greater<>());
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
  if (ranks_.empty()) return false;
  ++steps_;
  rank = ranks_.front();
  Bucket& bucket = buckets_[rank];
  position = Take(bucket);
  if (bucket.empty()) {
    std::pop_heap(ranks_.begin(), ranks_.end(), std::greater<>());
    ranks_.pop_back();
  }
  return true;
}

}  // namespace erato::bpe
