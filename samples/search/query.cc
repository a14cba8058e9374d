#include "samples/search/query.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "samples/search/index.h"

namespace search {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRanked = 50;      // hits that a reranker looks at
constexpr int kAnswerTokens = 400;  // most of an answer
constexpr int kAnswerShare = 4;     // and at most one part of so many of the context

constexpr char kTask[] =
    "Answer the question from the excerpts. After each statement name the excerpt that it comes "
    "from by its number, like [1]. Where the excerpts do not say it, say so.";

std::string FindDatabase(const std::optional<std::string>& given) {
  if (given && fs::exists(*given)) return *given;
  if (given)
    throw std::runtime_error("[index " + *given + "] is not there; search index makes one");
  fs::path folder = fs::current_path();
  while (!fs::exists(folder / kDatabaseName)) {
    if (folder == folder.parent_path()) {
      throw std::runtime_error("[index] got no " + std::string(kDatabaseName) + " in this folder " +
                               "or above it; search index FOLDER makes one, --db names one");
    }
    folder = folder.parent_path();
  }
  return (folder / kDatabaseName).string();
}

std::string ModelOf(Store& store) {
  std::string model = store.Fact("model");
  if (!model.empty()) return model;
  throw std::runtime_error("[index " + store.path() + "] is empty; search index fills it");
}

/// Hits that the text names: "[2]", "[1, 3]".
std::vector<size_t> Citations(const std::string& text, size_t given) {
  static const std::regex number(R"((\d{1,3})(?=[\d, ]{0,40}\]))");
  std::vector<size_t> cited;
  for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at) {
    const size_t hit = std::stoul(at->str()) - 1;  // of 0 the greatest
    const bool again = std::find(cited.begin(), cited.end(), hit) != cited.end();
    if (hit < given && !again) cited.push_back(hit);
  }
  return cited;
}

}  // namespace

Query::Query(const QueryOptions& options)
    : top_(options.top),
      store_(FindDatabase(options.database), false),
      searcher_(store_, options.exact),
      embedder_(options.model.value_or(ModelOf(store_))),
      folder_(store_.Fact("folder")) {
  embedder_.Claim(store_);
  if (options.rerank) reranker_.emplace(LoadReader(FindModel(*options.rerank)));
  if (options.answer) chat_.emplace(FindModel(*options.answer));
}

std::vector<Hit> Query::Find(const std::string& text) const {
  const std::vector<float> vector = embedder_.EmbedQuery(text);
  std::vector<Hit> hits;
  for (const Near& near : searcher_.Nearest(vector, reranker_ ? std::max(top_, kRanked) : top_)) {
    std::optional<StoredPassage> stored = store_.ReadPassage(near.id);
    if (stored) hits.push_back({std::move(*stored), near.score, std::nullopt});
  }
  if (reranker_) Rerank(text, hits);
  if (hits.size() > top_) hits.resize(top_);
  return hits;
}

void Query::Rerank(const std::string& text, std::vector<Hit>& hits) const {
  std::vector<std::string> documents;
  documents.reserve(hits.size());
  for (const Hit& hit : hits) documents.push_back(hit.stored.passage.text);
  erato::Options options(ERATO_OPTIONS_READ);
  options.set("truncate", "end");
  options.set("truncate_pair", "second");  // never of the query
  const std::vector<float> relevance = reranker_->rerank(text, documents, &options);
  for (size_t i = 0; i < hits.size(); ++i) hits[i].relevance = relevance[i];
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return *a.relevance > *b.relevance; });
}

/// A chat with as many hits as its context holds beside an answer; their number in `given`.
erato::Session Query::Ask(const std::string& question, const std::vector<Hit>& hits,
                          int answer_tokens, size_t& given) const {
  const auto room = static_cast<size_t>(chat_->contextTokens() - answer_tokens);
  size_t tokens = 0;
  for (given = hits.size(); given > 0; --given) {
    std::string text = kTask;
    for (size_t i = 0; i < given; ++i) {
      const StoredPassage& stored = hits[i].stored;
      text.append("\n\n[").append(std::to_string(i + 1)).append("] ");
      text.append(stored.path).append("\n").append(stored.passage.text);
    }
    erato::Session chat(*chat_);
    chat.add(ERATO_ROLE_USER, text.append("\n\nQuestion: ").append(question));
    tokens = chat.countTokens();
    if (tokens <= room) return chat;
  }
  throw std::runtime_error("[answer] tokens of the question and one passage, got " +
                           std::to_string(tokens) + ", expected at most " + std::to_string(room) +
                           " of the model's context of " + std::to_string(chat_->contextTokens()));
}

Answer Query::AnswerFrom(const std::string& question, const std::vector<Hit>& hits,
                         const std::function<void(const std::string&)>& write) const {
  const int most = std::min(kAnswerTokens, chat_->contextTokens() / kAnswerShare);
  Answer answer;
  erato::Session chat = Ask(question, hits, most, answer.given);
  erato::Options options(ERATO_OPTIONS_GENERATE);
  options.set("max_tokens", std::to_string(most));
  options.set("temperature", "0");  // the same question gets the same answer
  options.set("repetition_penalty", "1.1");
  erato::Stream stream(chat, &options);
  while (stream.advance()) {
    if (stream.reasoning()) continue;
    answer.text += stream.piece();
    write(stream.piece());
  }
  answer.cited = Citations(answer.text, answer.given);
  return answer;
}

}  // namespace search
