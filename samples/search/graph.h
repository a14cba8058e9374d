// The near neighbours of very many vectors without looking at them all: a graph in which near ones
// are linked, walked from far to near ("HNSW", Malkov and Yashunin 2016, arXiv:1603.09320), by
// hnswlib. It misses some; `search recall` says how many.
//
// It lies in a file beside the index and is only ever a short cut: where it is missing, older than
// the index or damaged, search is right without it. The index has the hash of that file, so one
// that was torn is never read.
#ifndef ERATO_SAMPLES_SEARCH_GRAPH_H_
#define ERATO_SAMPLES_SEARCH_GRAPH_H_

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

class Graph {
 public:
  /// The one that belongs to the index; none where there is none.
  static std::optional<Graph> Load(Store& store);
  /// Takes in what is new in the index, makes a new graph where too much is gone from it, and
  /// writes it. `go_on` is told the share that is done; where it says no, nothing is changed.
  static void Update(Store& store, const std::function<bool(double)>& go_on);
  /// Deletes the file.
  static void Remove(Store& store);

  Graph(Graph&&) noexcept;
  Graph& operator=(Graph&&) noexcept;
  ~Graph();

  /// Greatest id in it.
  int64_t newest() const;
  /// k of the nearest, in no order; perhaps some that the index has no more.
  std::vector<Near> Nearest(const std::vector<float>& query, size_t k) const;

 private:
  struct Nodes;
  explicit Graph(std::unique_ptr<Nodes> nodes);
  void Save(Store& store) const;
  std::unique_ptr<Nodes> nodes_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_GRAPH_H_
