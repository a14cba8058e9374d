// The team: everyone works, nobody passes a barrier early, shares are complete; with more workers
// than processors too, and in a child of fork.
#include "core/cpu/team.h"

#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <vector>

#include "core/cpu/isa.h"
#include "gtest/gtest.h"

namespace erato::cpu {
namespace {

void RunOn(Team& team, std::function<void(int)> work) {
  team.Run([](void* f, int worker) { (*static_cast<std::function<void(int)>*>(f))(worker); },
           &work);
}

class Teams : public testing::TestWithParam<int> {};

TEST_P(Teams, EveryWorkerRunsOnce) {
  Team team(GetParam());
  for (int run = 0; run < 200; run++) {
    std::vector<int> runs(static_cast<size_t>(GetParam()));
    RunOn(team, [&](int worker) { runs[static_cast<size_t>(worker)]++; });
    EXPECT_EQ(team.size(), GetParam());
    for (const int n : runs) ASSERT_EQ(n, 1);
  }
}

TEST_P(Teams, BarriersSeparatePhases) {
  Team team(GetParam());
  constexpr int kPhases = 300;
  std::vector<std::vector<int>> seen(static_cast<size_t>(GetParam()));
  std::vector<int> at(
      static_cast<size_t>(GetParam()));  // plain: only barriers order its writes and reads
  RunOn(team, [&](int worker) {
    for (int phase = 0; phase < kPhases; phase++) {
      at[static_cast<size_t>(worker)] = phase + 1;
      team.Barrier();
      int sum = 0;
      for (const int p : at) sum += p;
      seen[static_cast<size_t>(worker)].push_back(sum);
      team.Barrier();
    }
  });
  for (const auto& sums : seen)
    for (int phase = 0; phase < kPhases; phase++)
      ASSERT_EQ(sums[static_cast<size_t>(phase)], (phase + 1) * GetParam());
}

TEST_P(Teams, TheCounterGivesEachNumberToOne) {
  Team team(GetParam());
  std::vector<int> taken(1000);
  int lasts = 0;
  RunOn(team, [&](int) {
    for (int round = 0; round < 3; round++) {
      for (int64_t i; (i = team.Take()) < 1000;) taken[static_cast<size_t>(i)]++;
      team.Barrier([](void* n) { ++*static_cast<int*>(n); }, &lasts);
    }
  });
  for (const int n : taken) ASSERT_EQ(n, 3);
  EXPECT_EQ(lasts, 3);
}

TEST_P(Teams, AChildOfForkGetsThreadsOfItsOwn) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer allows no new threads after fork";
#endif
  Team team(GetParam());
  std::atomic<int> runs{0};
  RunOn(team, [&](int) { runs++; });
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> here{0};
    RunOn(team, [&](int) { here++; });
    _exit(here.load());
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), GetParam());
  RunOn(team, [&](int) { runs++; });
  EXPECT_EQ(runs.load(), 2 * GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, Teams, testing::Values(1, 2, 3, 9));

TEST(Team, GoesAwayWithoutARun) { Team team(4); }

TEST(Isa, NamesAndDispatch) {
  EXPECT_EQ(IsaNames(), (std::vector<std::string>{"portable", "avx2", "avx512", "avx512_bf16"}));
  ASSERT_FALSE(UsableIsaNames().empty());
  for (const std::string& name : UsableIsaNames()) {
    ASSERT_TRUE(ChooseKernels(name).ok());
    EXPECT_EQ((*ChooseKernels(name))->name, name);
  }
  EXPECT_EQ((*ChooseKernels("auto"))->name, UsableIsaNames().back());
  EXPECT_EQ(ChooseKernels("sse9").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(ChooseKernels("sse9").status().message().find("portable"), std::string::npos);
}

}  // namespace
}  // namespace erato::cpu
