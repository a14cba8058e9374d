// search query: the passages of an index that are nearest to a question, in a reranker's order, and
// a chat model's answer from them.
#ifndef ERATO_SAMPLES_SEARCH_QUERY_H_
#define ERATO_SAMPLES_SEARCH_QUERY_H_

#include <erato/erato.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "samples/search/embedder.h"
#include "samples/search/nearest.h"
#include "samples/search/store.h"

namespace search {

struct QueryOptions {
  std::optional<std::string> text;      // none: a query a line from stdin
  std::optional<std::string> database;  // else that of this folder, or of the nearest above it
  std::optional<std::string> model;     // else the index's own
  std::optional<std::string> rerank;    // a model that reads query and passage together
  std::optional<std::string> answer;    // a model that chats
  size_t top = 5;
  bool exact = false;
  bool json = false;
};

struct Hit {
  StoredPassage stored;
  float score = 0;                 // cosine
  std::optional<float> relevance;  // the reranker's, 0 to 1
};

struct Answer {
  std::string text;
  std::vector<size_t> cited;  // indexes of hits that the text names as [1], [2], … , in its order
  size_t given = 0;           // the first so many hits fitted into the model's context
};

/// An index that is open for questions, with the models for them.
class Query {
 public:
  explicit Query(const QueryOptions& options);

  std::vector<Hit> Find(const std::string& text) const;
  /// `write` gets the text piece by piece. Throws where not even the first hit fits.
  Answer AnswerFrom(const std::string& question, const std::vector<Hit>& hits,
                    const std::function<void(const std::string&)>& write) const;
  bool answers() const { return chat_.has_value(); }
  bool approximate() const { return searcher_.approximate(); }
  /// That the paths of hits begin at.
  const std::filesystem::path& folder() const { return folder_; }

 private:
  erato::Session Ask(const std::string& question, const std::vector<Hit>& hits, int answer_tokens,
                     size_t& given) const;
  void Rerank(const std::string& text, std::vector<Hit>& hits) const;

  const size_t top_;
  mutable Store store_;
  const Searcher searcher_;
  const Embedder embedder_;
  const std::filesystem::path folder_;
  std::optional<erato::Model> reranker_, chat_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_QUERY_H_
