#include "samples/search/nearest.h"

#include <algorithm>

namespace search {
namespace {

void KeepBest(std::vector<Near>& all, size_t k) {
  std::sort(all.begin(), all.end(), [](const Near& a, const Near& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  if (all.size() > k) all.resize(k);
}

}  // namespace

std::vector<Near> NearestExact(Store& store, const std::vector<float>& query, size_t k,
                               int64_t after) {
  std::vector<Near> best;
  std::vector<size_t> rows(k);
  std::vector<float> scores(k);
  store.ReadVectors(after, [&](const std::vector<int64_t>& ids, const std::vector<float>& vectors) {
    const size_t found = erato_nearest(query.data(), vectors.data(), ids.size(), query.size(), k,
                                       rows.data(), scores.data());
    for (size_t i = 0; i < found; ++i) best.push_back({ids[rows[i]], scores[i]});
    KeepBest(best, k);
  });
  return best;
}

Searcher::Searcher(Store& store, bool exact) : store_(store) {
  if (!exact) graph_ = Graph::Load(store);
}

std::vector<Near> Searcher::Nearest(const std::vector<float>& query, size_t k) {
  if (!graph_) return NearestExact(store_, query, k);
  // What is newer than the graph is looked at one by one; what is gone since is still in it, and
  // passed over.
  std::vector<Near> best = NearestExact(store_, query, k, graph_->newest());
  size_t found = 0;
  for (const Near& near : graph_->Nearest(query, 2 * k)) {
    if (!store_.HasPassage(near.id)) continue;
    best.push_back(near);
    ++found;
  }
  if (found < k) return NearestExact(store_, query, k);
  KeepBest(best, k);
  return best;
}

}  // namespace search
