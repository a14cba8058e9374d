// Ctrl-C as a call: a thread of this program takes SIGINT, so what stops the work need not be safe
// in a signal handler.
#ifndef ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_
#define ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_

#include <functional>
#include <mutex>
#include <thread>

namespace erato::command {

class Interrupts {
 public:
  /// Before any other thread starts: they inherit that SIGINT is not theirs. `idle` runs when no
  /// work is to be stopped.
  explicit Interrupts(std::function<void()> idle);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// While a Guard lives, Ctrl-C runs its `stop`.
  class Guard {
   public:
    Guard(Interrupts& interrupts, std::function<void()> stop);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Interrupts& interrupts_;
  };

 private:
  void Wait();

  std::mutex mutex_;
  std::function<void()> idle_, stop_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_
