// The model that makes vectors of passages and queries.
#ifndef ERATO_SAMPLES_SEARCH_EMBEDDER_H_
#define ERATO_SAMPLES_SEARCH_EMBEDDER_H_

#include <erato/erato.hpp>
#include <string>
#include <vector>

#include "samples/search/store.h"

namespace search {

class Embedder {
 public:
  /// A path, or the name of a model in the user's cache.
  explicit Embedder(const std::string& name);

  const std::string& path() const { return path_; }
  /// Most tokens of a passage.
  size_t passage_tokens() const { return passage_tokens_; }
  size_t CountTokens(const std::string& text) const { return model_.countTokens(text); }

  /// Vectors of length 1, end to end. Throws erato::Error; no text is ever cut.
  std::vector<float> EmbedPassages(const std::vector<Passage>& passages) const;
  std::vector<float> EmbedQuery(const std::string& text) const;

  /// Remembers in a new index which model makes its vectors; of one that is there, checks that this
  /// is the model. The model is known by the vector that it makes of one fixed text, wherever its
  /// files lie and whatever they are called.
  void Claim(Store& store) const;

 private:
  std::vector<float> Embed(const std::vector<std::string>& texts, const std::string& prompt) const;

  const std::string path_;
  const erato::Model model_;
  size_t passage_tokens_ = 0;
  std::string passage_prompt_, query_prompt_;  // names of the model's own; "" = its default
};

/// The file or folder that a name stands for; throws with a way out where there is none.
std::string FindModel(const std::string& name);
/// Loads a model that makes vectors or ranks.
erato::Model LoadReader(const std::string& path);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_EMBEDDER_H_
