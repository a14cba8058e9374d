// Text that ends an answer, found across the borders of pieces and never given out, not in part.
#ifndef ERATO_CAPI_SRC_STOP_STRINGS_H_
#define ERATO_CAPI_SRC_STOP_STRINGS_H_

#include <string>
#include <string_view>
#include <vector>

namespace erato::capi {

/// Holds back the shortest tail that may still become a stop string. Text comes and goes in whole
/// code points.
class StopStrings {
 public:
  /// None of `stops` is empty.
  explicit StopStrings(std::vector<std::string> stops) : stops_(std::move(stops)) {}

  /// Appends to `out` what is sure to be the answer's. True: a stop string is complete, nothing
  /// more is the answer's.
  bool Push(std::string_view text, std::string& out);
  /// The answer ended without a stop string: what was held back is the answer's.
  void Flush(std::string& out);

 private:
  std::vector<std::string> stops_;
  std::string held_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_STOP_STRINGS_H_
