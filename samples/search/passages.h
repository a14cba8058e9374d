// A text cut into passages, each short enough to become one vector.
#ifndef ERATO_SAMPLES_SEARCH_PASSAGES_H_
#define ERATO_SAMPLES_SEARCH_PASSAGES_H_

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace search {

/// Lines [first_line, last_line] of a file, from 1. Borrows the text that was cut.
struct Passage {
  std::string_view text;
  size_t first_line, last_line;
};

using TokenCount = std::function<size_t(std::string_view)>;

/// Passages of whole lines and at most `most_tokens` tokens (at least 4). They end between
/// paragraphs where one ends in their second half; where not, the next passage begins with a line
/// or two of the last. A line that is too long is cut between words. What has neither letters nor
/// digits is left out.
///
/// Tokens are counted line by line: most tokenizers never join two lines, and those that do only
/// make fewer of them.
std::vector<Passage> SplitPassages(std::string_view text, size_t most_tokens,
                                   const TokenCount& count);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PASSAGES_H_
