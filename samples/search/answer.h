// An answer in words to a question, from the passages that were found, with its sources.
#ifndef ERATO_SAMPLES_SEARCH_ANSWER_H_
#define ERATO_SAMPLES_SEARCH_ANSWER_H_

#include <erato/erato.hpp>
#include <functional>
#include <string>
#include <vector>

#include "samples/search/query.h"

namespace search {

struct Answer {
  std::string text;
  std::vector<size_t> cited;  // indexes of hits that the text names as [1], [2], … , in its order
  size_t given = 0;           // the first so many hits fitted into the model's context
  size_t prompt_tokens = 0, generated_tokens = 0;
  std::string finish;  // "stop", or "length" where it ran out of room
};

/// Asks the model. `write` gets the text piece by piece. Throws Failure where not even the first
/// hit fits.
Answer AnswerFrom(const erato::Model& model, const std::string& question,
                  const std::vector<Hit>& hits,
                  const std::function<void(const std::string&)>& write);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_ANSWER_H_
