// search index: brings an index up to date with a folder.
#ifndef ERATO_SAMPLES_SEARCH_INDEX_H_
#define ERATO_SAMPLES_SEARCH_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace search {

constexpr char kDatabaseName[] = ".erato-search.db";

struct IndexOptions {
  std::string folder;
  std::optional<std::string> database;  // else kDatabaseName in the folder
  std::optional<std::string> model;     // else the index's own; of a new one MiniLM
  std::vector<std::string> excluded;    // see FindFiles
  int64_t graph_from = 50000;           // passages
  bool rebuild = false;
};

/// Throws where it could not be done. It may be ended at any time: what is done is kept, and the
/// next run goes on.
void RunIndex(const IndexOptions& options);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_INDEX_H_
