#include "samples/search/graph.h"

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>
#include <utility>

#include "samples/search/failure.h"
#include "samples/search/hash.h"

namespace search {
namespace {

using Links = hnswlib::HierarchicalNSW<float>;

constexpr size_t kLinks = 16;        // of a node and level ("M")
constexpr size_t kBuildWidth = 200;  // candidates that are looked at for them ("ef construction")
constexpr size_t kWalkWidth = 200;   // candidates of a search ("ef")
constexpr int64_t kGoneShare = 10;   // a new graph where more than one node in so many is gone

}  // namespace

struct Graph::Nodes {
  explicit Nodes(size_t width) : space(width) {}
  hnswlib::InnerProductSpace space;  // distance = 1 - a·b
  std::unique_ptr<Links> links;
  int64_t newest = 0;
  int64_t count = 0;

  /// Several at a time: linking is most of the work, and any thread may do it.
  void Add(const std::vector<int64_t>& ids, const std::vector<float>& vectors, size_t width) {
    const size_t need = links->cur_element_count + ids.size();
    if (need > links->max_elements_) links->resizeIndex(need + need / 2);
    std::atomic<size_t> next = 0;
    const auto work = [&] {
      for (size_t i; (i = next++) < ids.size();) {
        links->addPoint(vectors.data() + i * width, static_cast<hnswlib::labeltype>(ids[i]));
      }
    };
    std::vector<std::future<void>> workers;
    for (size_t i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
      workers.push_back(std::async(std::launch::async, work));
    }
    for (std::future<void>& worker : workers) worker.get();
    newest = ids.back();
    count += static_cast<int64_t>(ids.size());
  }
};

Graph::Graph(std::unique_ptr<Nodes> nodes) : nodes_(std::move(nodes)) {}
Graph::Graph(Graph&&) noexcept = default;
Graph& Graph::operator=(Graph&&) noexcept = default;
Graph::~Graph() = default;

int64_t Graph::newest() const { return nodes_->newest; }

std::optional<Graph> Graph::Load(Store& store) {
  const GraphRecord record = store.Graph();
  if (record.hash.empty() || HashOfFile(store.graph_path()) != record.hash) return std::nullopt;
  auto nodes = std::make_unique<Nodes>(store.width());
  nodes->links = std::make_unique<Links>(&nodes->space, store.graph_path());
  nodes->links->num_deleted_ =
      0;  // which loading leaves unset; nodes are never marked deleted here
  nodes->newest = record.newest;
  nodes->count = record.nodes;
  return Graph(std::move(nodes));
}

std::vector<Near> Graph::Nearest(const std::vector<float>& query, size_t k) const {
  nodes_->links->setEf(std::max(kWalkWidth, 2 * k));
  auto found = nodes_->links->searchKnn(query.data(), k);
  std::vector<Near> near;
  for (; !found.empty(); found.pop()) {
    near.push_back({static_cast<int64_t>(found.top().second), 1 - found.top().first});
  }
  return near;
}

void Graph::Update(Store& store, const std::function<bool(double)>& go_on) {
  std::optional<Graph> graph = Load(store);
  if (graph) {
    const int64_t gone = graph->nodes_->count - store.CountPassages(graph->newest());
    if (gone * kGoneShare > graph->nodes_->count) graph.reset();
  }
  if (!graph) {
    auto nodes = std::make_unique<Nodes>(store.width());
    const auto room = static_cast<size_t>(store.CountPassages());
    nodes->links = std::make_unique<Links>(&nodes->space, room, kLinks, kBuildWidth);
    graph = Graph(std::move(nodes));
  }
  Nodes& nodes = *graph->nodes_;
  const int64_t had = nodes.count;
  const int64_t todo = store.CountPassages() - store.CountPassages(nodes.newest);
  bool stopped = false;
  store.ReadVectors(nodes.newest, [&](const auto& ids, const auto& vectors) {
    stopped = stopped || !go_on(static_cast<double>(nodes.count - had) / static_cast<double>(todo));
    if (!stopped) nodes.Add(ids, vectors, store.width());
  });
  if (!stopped && nodes.count > had) graph->Save(store);
}

void Graph::Save(Store& store) const {
  const std::string path = store.graph_path(), fresh = path + ".new";
  nodes_->links->saveIndex(fresh);  // tells of no error
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(fresh, error);
  const size_t least = nodes_->links->cur_element_count * nodes_->links->size_data_per_element_;
  if (error || bytes < least) {
    std::filesystem::remove(fresh, error);
    throw Failure("[graph " + path + "] could not be written; searches are exact without it");
  }
  std::filesystem::rename(fresh, path);
  store.SetGraph({HashOfFile(path), nodes_->newest, nodes_->count});
}

void Graph::Remove(Store& store) {
  std::error_code ignored;
  if (std::filesystem::remove(store.graph_path(), ignored)) store.SetGraph({});
}

}  // namespace search
