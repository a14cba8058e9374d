#include "samples/search/nearest.h"

#include <erato/erato.h>
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "samples/search/files.h"

namespace search {

/// Vectors with ids up to `newest`; perhaps some that the index has no more.
struct Graph {
  explicit Graph(size_t width) : space(width) {}
  hnswlib::InnerProductSpace space;  // distance = 1 - a·b
  std::unique_ptr<hnswlib::HierarchicalNSW<float>> links;
  int64_t newest = 0;

  std::vector<Near> Nearest(const std::vector<float>& query, size_t k) const;
};

namespace {

using Links = hnswlib::HierarchicalNSW<float>;

constexpr size_t kLinks = 16;        // of a node and level ("M")
constexpr size_t kBuildWidth = 200;  // candidates that are looked at for them ("ef construction")
constexpr size_t kWalkWidth = 200;   // candidates of a search ("ef")
constexpr int64_t kStaleShare = 10;  // a new graph where one passage in so many is new or gone
constexpr int64_t kSamples = 100;    // passages that recall is measured with
constexpr size_t kSampleTop = 10;

void KeepBest(std::vector<Near>& all, size_t k) {
  std::sort(all.begin(), all.end(), [](const Near& a, const Near& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  });
  if (all.size() > k) all.resize(k);
}

/// Of all passages with ids above `after`. Memory does not grow with the index.
std::vector<Near> NearestExact(Store& store, const std::vector<float>& query, size_t k,
                               int64_t after = 0) {
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

std::string GraphPath(const Store& store) { return store.path() + ".hnsw"; }

size_t Width(Store& store) { return store.Fact("probe").size() / sizeof(float); }

/// The index has the hash of the graph's file, so that one that was torn is never read.
std::unique_ptr<Graph> LoadGraph(Store& store) {
  std::istringstream fact(store.Fact("graph"));
  int64_t newest = 0, hash = 0;
  const std::string path = GraphPath(store);
  if (!(fact >> newest >> hash) || HashOfFile(path) != hash) return nullptr;
  auto graph = std::make_unique<Graph>(Width(store));
  graph->links = std::make_unique<Links>(&graph->space, path);
  graph->links->num_deleted_ = 0;  // which loading leaves unset; none is ever deleted here
  graph->newest = newest;
  return graph;
}

/// Several at a time: linking is most of the work, and any thread may do it.
void Add(Links& links, const std::vector<int64_t>& ids, const std::vector<float>& vectors) {
  const size_t width = vectors.size() / ids.size();
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i; (i = next++) < ids.size();) {
      links.addPoint(vectors.data() + i * width, static_cast<hnswlib::labeltype>(ids[i]));
    }
  };
  std::vector<std::future<void>> workers(std::max(1u, std::thread::hardware_concurrency()));
  for (std::future<void>& worker : workers) worker = std::async(std::launch::async, work);
  for (std::future<void>& worker : workers) worker.get();
}

void SaveGraph(const Graph& graph, Store& store) {
  const std::string path = GraphPath(store), fresh = path + ".new";
  graph.links->saveIndex(fresh);  // tells of no error
  const size_t least = graph.links->cur_element_count * graph.links->size_data_per_element_;
  if (std::filesystem::file_size(fresh) < least) {
    std::filesystem::remove(fresh);
    throw std::runtime_error("[graph " + path + "] could not be written; search works without it");
  }
  std::filesystem::rename(fresh, path);
  store.SetFact("graph", std::to_string(graph.newest) + " " + std::to_string(HashOfFile(path)));
}

double MeasureRecall(const Graph& graph, Store& store) {
  std::vector<std::vector<float>> samples;
  const int64_t step = std::max<int64_t>(store.CountPassages() / kSamples, 1);
  int64_t row = 0;
  store.ReadVectors(0, [&](const std::vector<int64_t>& ids, const std::vector<float>& vectors) {
    const size_t width = vectors.size() / ids.size();
    for (auto at = vectors.begin(); at != vectors.end(); at += static_cast<ptrdiff_t>(width)) {
      if (row++ % step == 0) samples.emplace_back(at, at + static_cast<ptrdiff_t>(width));
    }
  });
  size_t all = 0, found = 0;
  for (const std::vector<float>& sample : samples) {
    // Each one's nearest is itself, which says nothing.
    std::vector<Near> expected = NearestExact(store, sample, kSampleTop + 1);
    expected.erase(expected.begin());
    const std::vector<Near> got = graph.Nearest(sample, kSampleTop + 1);
    for (const Near& near : expected) {
      found += std::any_of(got.begin(), got.end(), [&](const Near& x) { return x.id == near.id; });
    }
    all += expected.size();
  }
  return all == 0 ? 1 : static_cast<double>(found) / static_cast<double>(all);
}

}  // namespace

std::vector<Near> Graph::Nearest(const std::vector<float>& query, size_t k) const {
  links->setEf(std::max(kWalkWidth, 2 * k));
  std::vector<Near> near;
  for (auto found = links->searchKnn(query.data(), k); !found.empty(); found.pop()) {
    near.push_back({static_cast<int64_t>(found.top().second), 1 - found.top().first});
  }
  return near;
}

Searcher::Searcher(Store& store, bool exact) : store_(store) {
  if (!exact) graph_ = LoadGraph(store);
}

Searcher::~Searcher() = default;

std::vector<Near> Searcher::Nearest(const std::vector<float>& query, size_t k) const {
  if (graph_ == nullptr) return NearestExact(store_, query, k);
  // What is newer than the graph is looked at one by one; what is gone since is passed over.
  std::vector<Near> best = NearestExact(store_, query, k, graph_->newest);
  size_t found = 0;
  for (const Near& near : graph_->Nearest(query, 2 * k)) {
    if (!store_.ReadPassage(near.id)) continue;
    best.push_back(near);
    ++found;
  }
  if (found < k) return NearestExact(store_, query, k);
  KeepBest(best, k);
  return best;
}

std::optional<double> UpdateGraph(Store& store, const std::function<void(double)>& progress) {
  const int64_t passages = store.CountPassages();
  if (const auto old = LoadGraph(store)) {
    const int64_t known = store.CountPassages(old->newest);
    const int64_t gone = static_cast<int64_t>(old->links->cur_element_count) - known;
    if ((passages - known + gone) * kStaleShare < passages) return std::nullopt;
  }
  Graph graph(Width(store));
  graph.links =
      std::make_unique<Links>(&graph.space, static_cast<size_t>(passages), kLinks, kBuildWidth);
  store.ReadVectors(0, [&](const std::vector<int64_t>& ids, const std::vector<float>& vectors) {
    progress(static_cast<double>(graph.links->cur_element_count) / static_cast<double>(passages));
    Add(*graph.links, ids, vectors);
    graph.newest = ids.back();
  });
  SaveGraph(graph, store);
  return MeasureRecall(graph, store);
}

void RemoveGraph(Store& store) {
  std::filesystem::remove(GraphPath(store));
  store.SetFact("graph", "");
}

}  // namespace search
