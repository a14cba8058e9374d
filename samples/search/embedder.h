// The model that makes vectors of passages and queries.
#ifndef ERATO_SAMPLES_SEARCH_EMBEDDER_H_
#define ERATO_SAMPLES_SEARCH_EMBEDDER_H_

#include <erato/erato.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "samples/search/passages.h"
#include "samples/search/store.h"

namespace search {

/// What became of some passages.
struct Embedded {
  std::vector<Passage> passages;  // those that have a vector
  std::vector<float> vectors;     // end to end
  size_t cut = 0;                 // those of which the model did not read the end
};

class Embedder {
 public:
  /// A path, or the name of a model in the user's cache.
  explicit Embedder(const std::string& name);

  const std::string& path() const { return path_; }
  size_t width() const { return static_cast<size_t>(model_.vectorWidth()); }
  /// Names of the model's own prompts for passages and queries; "" where it has none: texts then
  /// go as the model's files say.
  const std::string& document_prompt() const { return document_prompt_; }
  const std::string& query_prompt() const { return query_prompt_; }
  /// Most tokens of a passage: what the model is meant for, less than its prompt and special tokens.
  size_t MostTokens(const std::string& prompt) const;
  /// Throws Error with INVALID_UTF8 where the text is not UTF-8.
  size_t CountTokens(std::string_view text) const;

  /// Vectors of length 1. Throws Error with CANCELLED where the flag is raised.
  Embedded EmbedPassages(const std::vector<Passage>& passages, const std::string& prompt,
                         const erato::Cancel& cancel) const;
  std::vector<float> EmbedText(const std::string& text, const std::string& prompt) const;
  /// The vector of one fixed text: two models that give the same one can share an index, wherever
  /// their files lie and whatever they are called.
  std::vector<float> Probe(const std::string& prompt) const;
  bool Matches(const std::vector<float>& probe, const std::string& prompt) const;

 private:
  void EmbedOne(const Passage& passage, erato::Options& options, Embedded& embedded) const;
  std::string PromptFor(const std::vector<std::string>& names) const;

  std::string path_;
  erato::Model model_;
  size_t most_tokens_ = 0;
  std::vector<std::pair<std::string, std::string>> prompts_;  // name, text
  std::string document_prompt_, query_prompt_;
};

/// Fails where the index was made by another model.
void CheckModel(const Embedder& embedder, const Store& store);
/// Loads for reading; says where a model that is not there comes from.
erato::Model LoadReader(const std::string& path);
/// The file or folder that a name stands for; fails with a way out where there is none.
std::string FindModel(const std::string& name);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_EMBEDDER_H_
