// What query prints, for people and as JSON.
#ifndef ERATO_SAMPLES_SEARCH_PRINT_H_
#define ERATO_SAMPLES_SEARCH_PRINT_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "samples/search/answer.h"
#include "samples/search/query.h"

namespace search {

struct Result {
  std::string query;
  bool approximate = false;  // by the graph
  std::vector<Hit> hits;
  std::optional<Answer> answer;
};

/// Hits as "path:line" with their text, quoted. Files hold what they like: control characters are
/// shown as "?", so that no text can move a terminal's cursor.
class Printer {
 public:
  /// folder: that the paths of hits begin at. lines: at most so many of a hit; 0 = all.
  Printer(std::filesystem::path folder, size_t lines);

  void PrintHits(const std::vector<Hit>& hits) const;
  /// A piece of an answer, at once.
  void PrintPiece(const std::string& piece) const;
  /// Where the answer is from, and what it could not look at.
  void PrintSources(const Answer& answer, const std::vector<Hit>& hits) const;
  /// "path:12-20", the path as seen from here.
  std::string Place(const StoredPassage& passage) const;

 private:
  void PrintQuote(const StoredPassage& passage) const;

  const std::filesystem::path folder_;
  const size_t lines_;
  const bool styled_;     // a terminal that nobody asked to be plain (no-color.org)
  const size_t columns_;  // that a quoted line is cut to; 0 = none, in pipes
};

void PrintResultAsJson(const Result& result, const std::filesystem::path& folder);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PRINT_H_
