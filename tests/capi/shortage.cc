#include "tests/capi/shortage.h"

#include "tests/capi/failing_new.h"

namespace erato::test {
namespace {

struct Attempt {
  erato_status status;
  bool failed;  // an allocation did
};

Attempt Try(const Call& call, int64_t nth, bool forever) {
  erato_error* error = nullptr;
  FailFrom(nth, forever);
  const erato_status status = call(&error);
  const bool failed = StopFailing();
  EXPECT_EQ(status != ERATO_OK, error != nullptr);
  EXPECT_EQ(erato_error_status(error), status);
  EXPECT_EQ(status == ERATO_OK, std::string(erato_error_message(error, nullptr)).empty());
  erato_error_free(error);
  return {status, failed};
}

}  // namespace

void Survive(const std::string& name, const Call& call) {
  SCOPED_TRACE(name);
  ASSERT_EQ(Try(call, INT64_MAX - 1, false).status, ERATO_OK);  // warm: what is made once, is made
  for (const bool forever : {false, true}) {
    int64_t nth = 0;
    bool done = false;
    while (!done) {
      SCOPED_TRACE(nth);
      const int64_t before = LiveBlocks();
      const Attempt attempt = Try(call, nth, forever);
      EXPECT_EQ(LiveBlocks(), before) << "leaked";
      EXPECT_TRUE(attempt.status == ERATO_OK || attempt.status == ERATO_NO_MEMORY)
          << erato_status_name(attempt.status);
      done = !attempt.failed;
      if (testing::Test::HasFailure()) return;
      nth += 1 + nth / 100;  // every one at first, then ever fewer: a load has thousands
    }
    EXPECT_GT(nth, 0) << "allocates nothing: not worth a test";
    EXPECT_EQ(Try(call, INT64_MAX - 1, false).status, ERATO_OK);  // as good as new
  }
}

}  // namespace erato::test
