// search recall: how much of what is nearest the graph finds.
#ifndef ERATO_SAMPLES_SEARCH_RECALL_H_
#define ERATO_SAMPLES_SEARCH_RECALL_H_

#include <optional>
#include <string>

namespace search {

struct RecallOptions {
  std::optional<std::string> database;
  size_t top = 10;
  bool json = false;
};

/// Queries, one a line, from stdin: each once by the graph and once exactly.
int RunRecall(const RecallOptions& options);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_RECALL_H_
