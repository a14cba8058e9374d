// Which passages of an index are nearest to a vector.
//
// By default every vector is looked at, which is exact. A large index has a graph beside it, in
// which near ones are linked and that is walked from far to near ("HNSW", Malkov and Yashunin 2016,
// arXiv:1603.09320), by hnswlib. It is fast and misses some; building it measures how many. It is
// only ever a short cut: where it is missing or damaged, search is right without it.
#ifndef ERATO_SAMPLES_SEARCH_NEAREST_H_
#define ERATO_SAMPLES_SEARCH_NEAREST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "samples/search/store.h"

namespace search {

/// A passage and the dot product of its vector with the query's.
struct Near {
  int64_t id;
  float score;
};

struct Graph;

class Searcher {
 public:
  /// exact: pays no attention to the graph.
  Searcher(Store& store, bool exact);
  ~Searcher();
  bool approximate() const { return graph_ != nullptr; }
  /// k of the nearest, best first.
  std::vector<Near> Nearest(const std::vector<float>& query, size_t k) const;

 private:
  Store& store_;
  std::unique_ptr<Graph> graph_;
};

/// Makes a graph where there is none, or where the index has changed too much since; gives its
/// recall then: the share of the true ten nearest of some passages that it finds. `progress` is
/// told the share that is done.
std::optional<double> UpdateGraph(Store& store, const std::function<void(double)>& progress);
void RemoveGraph(Store& store);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_NEAREST_H_
