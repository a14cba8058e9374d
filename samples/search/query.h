// search query: the passages of an index that are nearest to a question.
#ifndef ERATO_SAMPLES_SEARCH_QUERY_H_
#define ERATO_SAMPLES_SEARCH_QUERY_H_

#include <optional>
#include <string>
#include <vector>

#include "samples/search/store.h"

namespace search {

struct QueryOptions {
  std::optional<std::string> text;      // none: a query a line from stdin
  std::optional<std::string> database;  // else that of this folder, or of the nearest above it
  std::optional<std::string> model;     // else the index's own
  std::optional<std::string> prompt;    // else the model's own for queries, where it has one
  std::optional<std::string> rerank;    // a model that reads query and passage together
  std::optional<std::string> answer;    // a model that chats
  size_t top = 5;
  size_t lines = 6;  // of a hit that are quoted; 0 = all
  bool exact = false;
  bool json = false;
};

struct Hit {
  StoredPassage passage;
  double score = 0;                 // cosine
  std::optional<double> relevance;  // the reranker's, 0 to 1
};

/// The exit status. Throws where it could not be done.
int RunQuery(const QueryOptions& options);

/// The index that a query is meant for.
std::string FindDatabase(const std::optional<std::string>& given);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_QUERY_H_
