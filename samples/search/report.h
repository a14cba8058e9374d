// What index says at its end.
#ifndef ERATO_SAMPLES_SEARCH_REPORT_H_
#define ERATO_SAMPLES_SEARCH_REPORT_H_

#include "samples/search/indexer.h"

namespace search {

struct Report {
  Counts counts;
  std::string index;  // its file
  int64_t passages = 0;
  bool graph = false;  // there is one beside it
  bool stopped = false;
  double seconds = 0;
};

void PrintReport(const Report& report);
void PrintReportAsJson(const Report& report);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_REPORT_H_
