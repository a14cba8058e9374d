// Which passages of an index are nearest to a vector.
#ifndef ERATO_SAMPLES_SEARCH_NEAREST_H_
#define ERATO_SAMPLES_SEARCH_NEAREST_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "samples/search/graph.h"
#include "samples/search/store.h"

namespace search {

/// The k nearest of all passages with ids above `after`, best first. Every vector is looked at, a
/// block at a time: memory does not grow with the index.
std::vector<Near> NearestExact(Store& store, const std::vector<float>& query, size_t k,
                               int64_t after = 0);

class Searcher {
 public:
  /// exact: pays no attention to the graph.
  Searcher(Store& store, bool exact);
  bool approximate() const { return graph_.has_value(); }
  std::vector<Near> Nearest(const std::vector<float>& query, size_t k);

 private:
  Store& store_;
  std::optional<Graph> graph_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_NEAREST_H_
