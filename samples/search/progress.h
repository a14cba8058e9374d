// A line that says how far a long work is; only where a person looks.
#ifndef ERATO_SAMPLES_SEARCH_PROGRESS_H_
#define ERATO_SAMPLES_SEARCH_PROGRESS_H_

#include <chrono>
#include <string>
#include <string_view>

namespace search {

/// On stderr where that is a terminal, else nothing is ever written. The line is gone when this is.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// fraction: 0 … 1. Draws some times a second, however often it is called.
  void Show(double fraction, std::string_view what);
  /// A line for good, above the progress; written without a terminal, too.
  void Say(std::string_view line);

 private:
  void Clear();

  const bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

/// Columns of the terminal on this file descriptor; 80 where it does not say.
size_t Columns(int descriptor);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_PROGRESS_H_
