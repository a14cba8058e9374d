// What all of the program agrees on.
#ifndef ERATO_SAMPLES_SEARCH_PROGRAM_H_
#define ERATO_SAMPLES_SEARCH_PROGRAM_H_

namespace search {

/// Exit statuses.
constexpr int kDone = 0;
constexpr int kFailed = 1;     // one line on stderr says why
constexpr int kUsage = 2;      // a command line that makes no sense
constexpr int kStopped = 130;  // by Ctrl-C: what is done is kept

constexpr char kDatabaseName[] = ".erato-search.db";
constexpr char kDefaultModel[] = "minilm";

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PROGRAM_H_
