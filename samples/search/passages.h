// A text cut into passages, each short enough to become one vector.
#ifndef ERATO_SAMPLES_SEARCH_PASSAGES_H_
#define ERATO_SAMPLES_SEARCH_PASSAGES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace search {

/// Lines [first_line, last_line] of a file, from 1.
struct Passage {
  std::string text;
  size_t first_line = 0, last_line = 0;
};

/// Passages of whole lines, at most `most_tokens` tokens each, that end between paragraphs where
/// they can. A line that is too long is cut. What has neither letters nor digits is left out.
///
/// Tokens are counted line by line: most tokenizers never join two lines, and those that do only
/// make fewer of them.
std::vector<Passage> SplitPassages(std::string_view text, size_t most_tokens,
                                   const std::function<size_t(const std::string&)>& count_tokens);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PASSAGES_H_
