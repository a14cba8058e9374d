#include "samples/search/recall.h"

#include <algorithm>
#include <chrono>
#include <iostream>

#include "samples/search/embedder.h"
#include "samples/search/failure.h"
#include "samples/search/json.h"
#include "samples/search/nearest.h"
#include "samples/search/program.h"
#include "samples/search/query.h"

namespace search {
namespace {

/// What `search` finds, and the milliseconds that it took are added to `ms`.
std::vector<Near> Timed(Searcher& searcher, const std::vector<float>& query, size_t k, double& ms) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Near> found = searcher.Nearest(query, k);
  ms += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return found;
}

size_t CountShared(const std::vector<Near>& a, const std::vector<Near>& b) {
  return static_cast<size_t>(std::count_if(a.begin(), a.end(), [&](const Near& x) {
    return std::any_of(b.begin(), b.end(), [&](const Near& y) { return x.id == y.id; });
  }));
}

}  // namespace

int RunRecall(const RecallOptions& options) {
  Store store(FindDatabase(options.database));
  Searcher by_graph(store, false), exact(store, true);
  if (!by_graph.approximate()) {
    throw Failure("[index " + store.path() +
                  "] has no graph; index with --graph-from N, less than " +
                  std::to_string(store.CountPassages()));
  }
  const Embedder embedder(store.settings().model);
  size_t queries = 0, shared = 0, all = 0;
  double graph_ms = 0, exact_ms = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    const std::vector<float> query = embedder.EmbedText(line, embedder.query_prompt());
    const std::vector<Near> right = Timed(exact, query, options.top, exact_ms);
    shared += CountShared(right, Timed(by_graph, query, options.top, graph_ms));
    all += right.size();
    ++queries;
  }
  if (all == 0) throw Failure("[stdin] queries, got none, expected one a line");
  const auto n = static_cast<double>(queries);
  const double recall = static_cast<double>(shared) / static_cast<double>(all);
  if (options.json) {
    PrintJson({{"passages", store.CountPassages()},
               {"queries", queries},
               {"top", options.top},
               {"recall", recall},
               {"graph_ms", graph_ms / n},
               {"exact_ms", exact_ms / n}});
  } else {
    std::printf(
        "recall@%zu %.4f over %zu queries and %lld passages; %.2f ms a query by the graph, "
        "%.2f ms exactly\n",
        options.top, recall, queries, static_cast<long long>(store.CountPassages()), graph_ms / n,
        exact_ms / n);
  }
  return kDone;
}

}  // namespace search
