#include "samples/search/report.h"

#include <cstdio>
#include <utility>

#include "samples/search/json.h"

namespace search {
namespace {

/// "3 binary, 1 unreadable": what there is none of is left out.
std::string List(const std::vector<std::pair<size_t, const char*>>& parts) {
  std::string list;
  for (const auto& [count, what] : parts) {
    if (count > 0) list += (list.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  }
  return list;
}

}  // namespace

void PrintReport(const Report& report) {
  const Counts& c = report.counts;
  const std::string files = List({{c.added, "new"},
                                  {c.changed, "changed"},
                                  {c.vanished, "vanished"},
                                  {c.unchanged, "as before"}});
  std::printf("Files: %s.\n", files.empty() ? "none" : files.c_str());
  const std::string over = List({{c.binary, "binary"},
                                 {c.not_utf8, "not UTF-8"},
                                 {c.too_large, "larger than --max-bytes"},
                                 {c.unreadable, "unreadable"}});
  if (!over.empty()) std::printf("Passed over: %s.\n", over.c_str());
  std::printf("Passages: %lld", static_cast<long long>(report.passages));
  if (c.embedded > 0) std::printf(", %zu of them embedded in %.1f s", c.embedded, report.seconds);
  const std::string odd =
      List({{c.cut, "longer than the model reads"}, {c.failed, "without a vector left out"}});
  std::printf("%s%s.\n", odd.empty() ? "" : "; ", odd.c_str());
  if (report.stopped) {
    std::printf("Stopped. What is done is kept, and the same command goes on.\n");
  } else {
    std::printf("Index: %s%s\n", report.index.c_str(), report.graph ? " (with a graph)" : "");
  }
}

void PrintReportAsJson(const Report& report) {
  const Counts& c = report.counts;
  PrintJson({{"index", report.index},
             {"files",
              {{"new", c.added},
               {"changed", c.changed},
               {"vanished", c.vanished},
               {"unchanged", c.unchanged}}},
             {"passed_over",
              {{"binary", c.binary},
               {"not_utf8", c.not_utf8},
               {"too_large", c.too_large},
               {"unreadable", c.unreadable}}},
             {"passages", report.passages},
             {"embedded", c.embedded},
             {"cut", c.cut},
             {"failed", c.failed},
             {"graph", report.graph},
             {"stopped", report.stopped}});
}

}  // namespace search
