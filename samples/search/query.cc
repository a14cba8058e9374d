#include "samples/search/query.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <erato/erato.hpp>
#include <filesystem>
#include <iostream>

#include "samples/search/answer.h"
#include "samples/search/embedder.h"
#include "samples/search/failure.h"
#include "samples/search/nearest.h"
#include "samples/search/print.h"
#include "samples/search/program.h"

namespace search {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRanked = 50;  // hits that a reranker looks at, or those asked for where more

class Query {
 public:
  explicit Query(const QueryOptions& options)
      : options_(options),
        store_(FindDatabase(options.database)),
        searcher_(store_, options.exact),
        embedder_(options.model.value_or(store_.settings().model)),
        folder_((fs::absolute(store_.path()).parent_path() / store_.settings().folder)
                    .lexically_normal()),
        printer_(folder_, options.lines) {
    CheckModel(embedder_, store_);
    if (options.rerank) reranker_.emplace(LoadReader(FindModel(*options.rerank)));
    if (options.answer) chat_.emplace(FindModel(*options.answer));
  }

  void Answer(const std::string& text) {
    Result result;
    result.query = text;
    result.approximate = searcher_.approximate();
    result.hits = Find(text);
    if (!options_.json) printer_.PrintHits(result.hits);
    if (chat_ && !result.hits.empty()) {
      result.answer = AnswerFrom(*chat_, text, result.hits, [&](const std::string& piece) {
        if (!options_.json) printer_.PrintPiece(piece);
      });
      if (!options_.json) printer_.PrintSources(*result.answer, result.hits);
    }
    if (options_.json) return PrintResultAsJson(result, folder_);
    if (result.hits.empty()) std::fprintf(stderr, "search: the index has no passages\n");
  }

 private:
  std::vector<Hit> Find(const std::string& text) {
    const std::string prompt = options_.prompt.value_or(embedder_.query_prompt());
    const std::vector<float> vector = embedder_.EmbedText(text, prompt);
    const size_t wanted = reranker_ ? std::max(options_.top, kRanked) : options_.top;
    std::vector<Hit> hits;
    for (const Near& near : searcher_.Nearest(vector, wanted)) {
      hits.push_back({store_.ReadPassage(near.id), near.score, std::nullopt});
    }
    if (reranker_ && !hits.empty()) Rerank(text, hits);
    if (hits.size() > options_.top) hits.resize(options_.top);
    return hits;
  }

  void Rerank(const std::string& text, std::vector<Hit>& hits) const {
    std::vector<std::string> documents;
    for (const Hit& hit : hits) documents.push_back(hit.passage.text);
    erato::Options options(ERATO_OPTIONS_READ);
    options.set("truncate", "end");
    options.set("truncate_pair", "second");  // never of the query
    const std::vector<float> relevance = reranker_->rerank(text, documents, &options);
    for (size_t i = 0; i < hits.size(); ++i) hits[i].relevance = relevance[i];
    std::stable_sort(hits.begin(), hits.end(),
                     [](const Hit& a, const Hit& b) { return *a.relevance > *b.relevance; });
  }

  const QueryOptions& options_;
  Store store_;
  Searcher searcher_;
  Embedder embedder_;
  const fs::path folder_;
  const Printer printer_;
  std::optional<erato::Model> reranker_, chat_;
};

}  // namespace

std::string FindDatabase(const std::optional<std::string>& given) {
  if (given) {
    if (fs::exists(*given)) return *given;
    throw Failure("[index " + *given + "] is not there; search index makes one");
  }
  for (fs::path folder = fs::current_path();; folder = folder.parent_path()) {
    if (fs::exists(folder / kDatabaseName)) return (folder / kDatabaseName).string();
    if (folder == folder.parent_path()) break;
  }
  throw Failure("[index] got no " + std::string(kDatabaseName) +
                " in this folder or above it; search index FOLDER makes one, --db names one");
}

int RunQuery(const QueryOptions& options) {
  Query query(options);
  if (options.text) {
    query.Answer(*options.text);
    return kDone;
  }
  const bool person = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  for (std::string line;
       person && std::fputs("? ", stdout), std::fflush(stdout), std::getline(std::cin, line);) {
    if (!line.empty()) query.Answer(line);
  }
  return kDone;
}

}  // namespace search
