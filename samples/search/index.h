// search index: brings an index up to date with a folder.
#ifndef ERATO_SAMPLES_SEARCH_INDEX_H_
#define ERATO_SAMPLES_SEARCH_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace search {

struct IndexOptions {
  std::string folder;
  std::optional<std::string> database;  // else kDatabaseName in the folder
  std::optional<std::string> model;     // else the index's own; of a new one kDefaultModel
  std::optional<std::string> prompt;    // else the model's own for documents, where it has one
  std::optional<size_t> passage_tokens;
  std::vector<std::string> excluded;  // see FindFiles
  uintmax_t most_bytes = 1 << 20;     // of a file
  int64_t graph_from = 50000;         // passages
  bool rebuild = false;
  bool json = false;
};

/// The exit status: kDone, or kStopped after Ctrl-C. Throws where it could not be done.
int RunIndex(const IndexOptions& options);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_INDEX_H_
