#include "core/base/published.h"

#include <sys/wait.h>

#include <thread>

#include "gtest/gtest.h"

namespace erato {
namespace {

struct Three {
  uintptr_t a, b, c;
};

Three Of(uintptr_t n) { return {n, n * 3, n * 5}; }
bool Whole(const Three& t) { return t.b == t.a * 3 && t.c == t.a * 5; }

TEST(PublishedTest, ReadersSeeWholeValuesOfAnyWriter) {
  static Published<Three> value;
  EXPECT_EQ(value.Get().c, 0u);
  std::atomic<int> writing{2}, torn{0};
  std::vector<std::thread> threads;
  for (uintptr_t first : {1, 2}) {
    threads.emplace_back([&writing, first] {
      for (uintptr_t n = first; n < 20'000; n += 2) value.Set(Of(n));
      --writing;
    });
    threads.emplace_back([&] {
      while (writing > 0) torn += !Whole(value.Get());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GE(value.Get().a, 19'998u);
}

// The thread that was writing does not exist in the child, whose own readers and writers go on.
TEST(PublishedTest, WorksInTheChildOfAForkAmidAWrite) {
  static Published<Three> value;
  std::atomic<bool> stop{false};
  std::thread writer([&stop] {
    for (uintptr_t n = 1; !stop; ++n) value.Set(Of(n));
  });
  for (int i = 0; i < 100; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);  // a hang is a failure
      bool whole = Whole(value.Get());
      value.Set(Of(7));
      value.Set(Of(9));
      whole = whole && Whole(value.Get()) && value.Get().a == 9;
      _exit(whole ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace erato
