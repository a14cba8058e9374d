// Signals as calls: a thread of this program takes them, so what answers need not be safe in a
// signal handler.
#ifndef ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_
#define ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_

#include <functional>
#include <mutex>
#include <thread>

namespace erato::command {

class Interrupts {
 public:
  /// Before any other thread starts: they inherit that these signals are not theirs. SIGINT, which
  /// is Ctrl-C, runs `idle` when no work is to be stopped; SIGTERM and SIGHUP run `leave`.
  Interrupts(std::function<void()> idle, std::function<void(int signal)> leave);
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
  const std::function<void(int signal)> leave_;
  std::thread thread_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_INTERRUPTS_H_
