// A word on the screen while nothing else comes.
#ifndef ERATO_SAMPLES_ERATO_CHAT_WAITING_H_
#define ERATO_SAMPLES_ERATO_CHAT_WAITING_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "samples/erato/chat/terminal.h"

namespace erato::command {

/// "Reading …" at the begin of a line, if the wait is long enough to be noticed; gone when it ends.
/// Only where a line can be taken back.
class Waiting {
 public:
  explicit Waiting(const Terminal& terminal);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  /// Before anything is printed. More than once is fine.
  void End();

 private:
  void Run(const Terminal& terminal);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false, shown_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_WAITING_H_
