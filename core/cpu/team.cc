#include "core/cpu/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace erato::cpu {
namespace {

inline void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

constexpr int kSpins = 2000;  // some 30 µs: longer than shares of work are uneven
// Who still waits after that waits for a worker whose processor does something else. Sleeping then
// leaves a processor free for that worker to move to; yielding for ever would keep it looking busy.
constexpr int kYields = 20;

}  // namespace

Team::Team(int threads) : wanted_(threads) {}

Team::~Team() {
  if (threads_ == nullptr) return;
  if (owner_ != getpid()) {
    static_cast<void>(
        threads_.release());  // handles of threads that only the parent has: not ours to join
    return;
  }
  leave_ = true;
  epoch_.fetch_add(1, std::memory_order_release);
  epoch_.notify_all();
  for (std::thread& thread : *threads_) thread.join();
}

void Team::Start() {
  if (threads_ != nullptr) static_cast<void>(threads_.release());
  auto threads = std::make_unique<std::vector<std::thread>>();
  threads->reserve(static_cast<size_t>(wanted_));
  threads_ = std::move(threads);  // from here on nothing throws: owner and threads go together
  owner_ = getpid();
  crowded_ = wanted_ > UsableProcessors();
  arrived_.store(0, std::memory_order_relaxed);
  // Signals are the host's: its handlers must not run on a thread of ours.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int worker = 1; worker < wanted_; worker++) {
    try {
      threads_->emplace_back([this, worker, epoch = epoch_.load(std::memory_order_relaxed)] {
        uint32_t seen = epoch;
        for (;;) {
          for (int i = 0; i < kSpins && epoch_.load(std::memory_order_acquire) == seen; i++)
            Pause();
          while (epoch_.load(std::memory_order_acquire) == seen)
            epoch_.wait(seen, std::memory_order_acquire);
          seen++;
          if (leave_) return;
          Work(worker);
        }
      });
    } catch (...) {  // no more threads, or no memory for one: those that there are do the work
      break;
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  size_ = static_cast<int>(threads_->size()) + 1;
}

void Team::Run(void (*work)(void*, int), void* argument) {
  if (wanted_ > 1 && (threads_ == nullptr || owner_ != getpid())) Start();
  work_ = work;
  argument_ = argument;
  next_.store(0, std::memory_order_relaxed);
  if (size_ > 1) {
    epoch_.fetch_add(1, std::memory_order_release);
    epoch_.notify_all();
  }
  Work(0);
}

void Team::Work(int worker) {
  work_(argument_, worker);
  Barrier();
}

void Team::Barrier() {
  Barrier([](void*) {}, nullptr);
}

void Team::Barrier(void (*last)(void*), void* argument) {
  const uint32_t phase = phase_.load(std::memory_order_relaxed);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) == size_ - 1) {
    arrived_.store(0, std::memory_order_relaxed);
    next_.store(0, std::memory_order_relaxed);
    last(argument);
    phase_.store(phase + 1, std::memory_order_release);
    phase_.notify_all();
    return;
  }
  const int spins = crowded_ ? 50 : kSpins;
  for (int i = 0; phase_.load(std::memory_order_acquire) == phase; i++) {
    if (i < spins) {
      Pause();
    } else if (i < spins + kYields) {
      sched_yield();
    } else {
      phase_.wait(phase, std::memory_order_acquire);
    }
  }
}

int UsableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return std::max(1u, std::thread::hardware_concurrency());
  return std::max(1, CPU_COUNT(&set));
}

int UsableCores() {
  int threads_a_core = 1;
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(0xb, 0, &a, &b, &c, &d) != 0 && (c >> 8 & 0xff) == 1 && (b & 0xffff) > 0) {
    threads_a_core = static_cast<int>(b & 0xffff);
  }
#endif
  return std::max(1, UsableProcessors() / threads_a_core);
}

}  // namespace erato::cpu
