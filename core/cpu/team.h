// A team of threads that run one function together, and the barrier between its phases.
//
// Worker 0 is whoever calls Run; the others are threads of the team, made at the first Run. Between
// runs they sleep on a futex, after a brief spin that bridges the gap between two decoding steps.
// Inside a run everyone meets at Barrier: a spin of some tens of nanoseconds when all are on time,
// a yield to other processes when somebody is not.
#ifndef ERATO_CORE_CPU_TEAM_H_
#define ERATO_CORE_CPU_TEAM_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace erato::cpu {

class Team {
 public:
  /// `threads` ≥ 1, the caller included.
  explicit Team(int threads);
  /// Joins the threads. In a child of fork, which has none of them, it lets go of what is left of
  /// them.
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /// Runs work(argument, worker) once for each worker 0 … size()-1 and returns when all are done.
  /// One caller at a time. After fork the child may call it: it gets threads of its own.
  void Run(void (*work)(void* argument, int worker), void* argument);
  /// How many work in the current run: fewer than asked for where the system gave fewer threads.
  int size() const { return size_; }
  /// Most workers that a run may have.
  int wanted() const { return wanted_; }

  /// Inside work: waits for all. The last to arrive calls last(argument) before anyone goes on.
  void Barrier(void (*last)(void* argument), void* argument);
  void Barrier();
  /// Inside work: 0, 1, 2, … to whoever asks next; starts over at each Barrier.
  int64_t Take() { return next_.fetch_add(1, std::memory_order_relaxed); }

 private:
  void Start();
  void Work(int worker);

  int wanted_;
  int size_ = 1;
  bool crowded_ = false;  // more workers than processors: waiting must give way at once
  int64_t owner_ = 0;     // process that the threads live in
  std::unique_ptr<std::vector<std::thread>> threads_;
  void (*work_)(void*, int) = nullptr;
  void* argument_ = nullptr;
  bool leave_ = false;
  // A cache line each: what everyone polls, what everyone writes.
  alignas(64) std::atomic<uint32_t> epoch_{0};
  alignas(64) std::atomic<uint32_t> phase_{0};
  alignas(64) std::atomic<int32_t> arrived_{0};
  alignas(64) std::atomic<int64_t> next_{0};
};

/// Logical processors that this process may use, and the physical cores among them as far as the
/// processor tells.
int UsableProcessors();
int UsableCores();

}  // namespace erato::cpu

#endif  // ERATO_CORE_CPU_TEAM_H_
