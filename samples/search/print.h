// What a query prints, for people and as JSON.
#ifndef ERATO_SAMPLES_SEARCH_PRINT_H_
#define ERATO_SAMPLES_SEARCH_PRINT_H_

#include <string>

#include "samples/search/query.h"

namespace search {

/// Without what a terminal would obey: control characters but tab and newline.
std::string Plain(std::string text);

/// Hits, quoted and with file:line; then the answer while it comes, and its sources.
void PrintResult(const Query& query, const std::string& text);
/// All of it as one line of JSON.
void PrintResultAsJson(const Query& query, const std::string& text);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PRINT_H_
