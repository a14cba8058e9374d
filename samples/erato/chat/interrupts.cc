#include "samples/erato/chat/interrupts.h"

#include <csignal>
#include <utility>

namespace erato::command {
namespace {

constexpr int kEnd = SIGUSR1;  // from the destructor to the waiting thread

/// Those that the parent had ignored (nohup, jobs in the background) stay so.
sigset_t Awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now = {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  sigaddset(&set, kEnd);
  return set;
}

}  // namespace

Interrupts::Interrupts(std::function<void()> idle, std::function<void(int signal)> leave)
    : idle_(std::move(idle)), leave_(std::move(leave)) {
  const sigset_t set = Awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { Wait(); });
}

Interrupts::~Interrupts() {
  pthread_kill(thread_.native_handle(), kEnd);
  thread_.join();
}

void Interrupts::Wait() {
  const sigset_t set = Awaited();
  for (int signal = 0; sigwait(&set, &signal) == 0 && signal != kEnd;) {
    if (signal != SIGINT) leave_(signal);
    const std::lock_guard lock(mutex_);
    (stop_ ? stop_ : idle_)();
  }
}

Interrupts::Guard::Guard(Interrupts& interrupts, std::function<void()> stop)
    : interrupts_(interrupts) {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.stop_ = std::move(stop);
}

Interrupts::Guard::~Guard() {
  const std::lock_guard lock(interrupts_.mutex_);
  interrupts_.stop_ = nullptr;
}

}  // namespace erato::command
