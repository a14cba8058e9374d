// Byte-pair encoding of one word (Sennrich et al. 2016): of all neighbours that may merge, the pair
// of lowest rank merges, leftmost first, until none is left.
//
// Two ways, one result. MergeByScan looks for the best pair anew each time: quadratic, and the
// fastest for words of usual length. MergeByQueue is for the megabyte without a space that someone
// will send: symbols form a linked list, and a queue gives the next pair. A heap of all pairs would
// cost a logarithm of cache misses a symbol, most for text that repeats one pair a million times;
// but then there are few ranks. So the heap holds ranks, and each rank has its positions in the
// order in which they came, which is nearly always from left to right.
#ifndef ERATO_TOKENIZER_BPE_MERGE_H_
#define ERATO_TOKENIZER_BPE_MERGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "absl/hash/hash.h"

namespace erato::bpe {

constexpr int32_t kNoRank = INT32_MAX;

/// What two neighbours become; kNoRank where they stay apart.
struct Pair {
  int32_t rank = kNoRank;
  int32_t id = -1;
};

/// A part of the word: from `begin` to the next symbol's begin. `pair` is about it and its right
/// neighbour.
struct Symbol {
  int32_t begin = 0;
  int32_t id = -1;  // -1: no piece
  int32_t previous = -1, next = -1;
  Pair pair = {};
};

/// Positions with ranks, lowest rank first and of one rank the leftmost first. Any position may be
/// in it more than once.
class RankQueue {
 public:
  void Push(int32_t rank, int32_t position);
  /// False when empty.
  bool Pop(int32_t& rank, int32_t& position);
  /// Comparisons and moves so far: the measure of its work.
  int64_t steps() const { return steps_; }

 private:
  struct Bucket {
    int32_t rank = 0;
    std::vector<int32_t> rising;  // positions that came in rising order, taken up to `taken`
    size_t taken = 0;
    std::vector<int32_t> late;  // a heap of the others
    bool empty() const { return taken == rising.size() && late.empty(); }
  };
  uint32_t BucketOf(int32_t rank);
  int32_t Take(Bucket& bucket);

  std::vector<Bucket> buckets_;
  std::unordered_map<int32_t, uint32_t> bucket_of_rank_;
  std::array<uint32_t, 16> recent_ = {};  // a bucket by the low bits of its rank
  std::vector<uint64_t> heap_;            // rank << 32 | bucket, of those that are not empty
  int64_t steps_ = 0;
};

/// What was found for pairs of ids lately: text repeats itself, and the tables of a vocabulary do
/// not fit into the first cache.
class PairCache {
 public:
  PairCache() : entries_(kEntries) {}
  /// The Pair of two ids; `find()` gives it where it is not known.
  template <typename Find>
  Pair Get(int32_t left, int32_t right, const Find& find) {
    const uint64_t key = static_cast<uint64_t>(left) << 32 | static_cast<uint32_t>(right);
    // Multiplicative hashing (Knuth, volume 3, 6.4).
    Entry& entry = entries_[key * 0x9E3779B97F4A7C15u >> (64 - kBits)];
    if (entry.key != key) entry = {key, find()};
    return entry.pair;
  }

 private:
  static constexpr int kBits = 11;
  static constexpr size_t kEntries = size_t{1} << kBits;
  struct Entry {
    uint64_t key = UINT64_MAX;  // of no two ids
    Pair pair;
  };
  std::vector<Entry> entries_;
};

/// Longer words go through the queue.
constexpr size_t kScanSymbols = 32;

/// `find(left, right, end)` gives the Pair of two symbols, the right one ending at `end`. Leaves in
/// `symbols` what remains, in order; `word_end` is where the last symbol ends.
template <typename FindPair>
void MergeByScan(std::vector<Symbol>& symbols, int32_t word_end, const FindPair& find) {
  auto end_of = [&](size_t i) { return i + 1 < symbols.size() ? symbols[i + 1].begin : word_end; };
  auto look = [&](size_t i) {
    symbols[i].pair =
        i + 1 < symbols.size() ? find(symbols[i], symbols[i + 1], end_of(i + 1)) : Pair{};
  };
  for (size_t i = 0; i < symbols.size(); ++i) look(i);
  while (true) {
    size_t best = 0;
    for (size_t i = 1; i < symbols.size(); ++i) {
      if (symbols[i].pair.rank < symbols[best].pair.rank) best = i;
    }
    if (symbols.empty() || symbols[best].pair.rank == kNoRank) return;
    symbols[best].id = symbols[best].pair.id;
    symbols.erase(symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
    look(best);
    if (best > 0) look(best - 1);
  }
}

/// The same by a queue; returns the queue's steps.
template <typename FindPair>
int64_t MergeByQueue(std::vector<Symbol>& symbols, int32_t word_end, const FindPair& find) {
  RankQueue queue;
  const int32_t count = static_cast<int32_t>(symbols.size());
  auto look = [&](int32_t i) {
    Symbol& left = symbols[i];
    left.pair = Pair{};
    if (left.next < 0) return;
    const Symbol& right = symbols[left.next];
    left.pair = find(left, right, right.next < 0 ? word_end : symbols[right.next].begin);
    if (left.pair.rank != kNoRank) queue.Push(left.pair.rank, i);
  };
  for (int32_t i = 0; i < count; ++i) {
    symbols[i].previous = i - 1;
    symbols[i].next = i + 1 < count ? i + 1 : -1;
  }
  for (int32_t i = 0; i < count; ++i) look(i);
  for (int32_t rank, i; queue.Pop(rank, i);) {
    Symbol& left = symbols[i];
    if (left.pair.rank != rank) continue;  // stale: one of the two has merged since
    Symbol& right = symbols[left.next];
    left.id = left.pair.id;
    left.next = right.next;
    if (right.next >= 0) symbols[right.next].previous = i;
    right.pair = Pair{};
    look(i);
    if (left.previous >= 0) look(left.previous);
  }
  size_t kept = 0;
  for (int32_t i = 0; i >= 0 && i < count;) {
    const int32_t next = symbols[i].next;
    symbols[kept++] = symbols[i];
    i = next;
  }
  symbols.resize(kept);
  return queue.steps();
}

template <typename FindPair>
void Merge(std::vector<Symbol>& symbols, int32_t word_end, const FindPair& find) {
  if (symbols.size() <= kScanSymbols) {
    MergeByScan(symbols, word_end, find);
  } else {
    MergeByQueue(symbols, word_end, find);
  }
}

}  // namespace erato::bpe

#endif  // ERATO_TOKENIZER_BPE_MERGE_H_
