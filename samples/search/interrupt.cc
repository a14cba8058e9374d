#include "samples/search/interrupt.h"

#include <atomic>
#include <csignal>

namespace search {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<erato::Cancel*> running = nullptr;
std::atomic<bool> seen = false;

// Both are fit for signal handlers: erato_cancel_trigger says so of itself.
void Raise(int) {
  seen = true;
  if (erato::Cancel* cancel = running) cancel->trigger();
}

}  // namespace

Interrupt::Interrupt() {
  seen = false;
  running = &cancel_;
  for (const int signal : kSignals) {
    struct sigaction action = {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // nohup
    action.sa_handler = Raise;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    sigaction(signal, &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (const int signal : kSignals) {
    struct sigaction action = {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == Raise) std::signal(signal, SIG_DFL);
  }
  running = nullptr;
}

bool Interrupt::raised() const { return seen; }

}  // namespace search
