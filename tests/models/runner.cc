#include "tests/models/runner.h"

#include <algorithm>
#include <numeric>

#include "core/base/status.h"
#include "gtest/gtest.h"

namespace erato::test {

absl::StatusOr<std::unique_ptr<Runner>> Runner::Load(const std::string& path,
                                                     std::unique_ptr<Backend> backend,
                                                     int32_t max_rows) {
  ERATO_ASSIGN_OR_RETURN(const auto files, ModelFiles::Open(path, FileAccess::kCopy));
  BindOptions options;
  options.max_rows = options.max_logit_rows = max_rows;
  options.max_context = 2048;
  auto runner = std::make_unique<Runner>();
  runner->backend_ = std::move(backend);
  ERATO_ASSIGN_OR_RETURN(runner->model_, BindModel(*files, *runner->backend_, options));
  ERATO_ASSIGN_OR_RETURN(runner->pool_, runner->backend_->NewKvPool(runner->model_->kv_layers()));
  return runner;
}

std::vector<float> Runner::Logits(const std::vector<int32_t>& ids, int32_t chunk, bool last) {
  const auto n = static_cast<int32_t>(ids.size());
  const int32_t blocks = (n + KvPool::block_tokens - 1) / KvPool::block_tokens;
  EXPECT_TRUE(pool_->Grow(blocks).ok());
  // A table that is not the identity: whoever ignores it is found out.
  std::vector<int32_t> table(blocks), positions(n), every(n);
  for (int32_t i = 0; i < blocks; ++i) table[i] = blocks - 1 - i;
  std::iota(positions.begin(), positions.end(), 0);
  std::iota(every.begin(), every.end(), 0);
  std::vector<float> all;
  for (int32_t first = 0; first < n; first += chunk) {
    const int32_t rows = std::min(chunk, n - first);
    const std::vector<int32_t> row_begin = {0, rows};
    Step step;
    step.ids = absl::MakeConstSpan(ids).subspan(first, rows);
    step.positions = absl::MakeConstSpan(positions).subspan(first, rows);
    step.row_begin = row_begin;
    step.blocks = {table};
    step.logit_rows = absl::MakeConstSpan(every).subspan(0, rows);
    if (last) step.logit_rows = step.logit_rows.subspan(rows - 1);
    if (last && first + rows < n) step.logit_rows = {};
    step.kv = pool_.get();
    const absl::Status ran = backend_->Run(*model_, step);
    EXPECT_TRUE(ran.ok()) << ran;
    const auto logit_rows = static_cast<int64_t>(step.logit_rows.size());
    if (logit_rows == 0) continue;
    const size_t at = all.size();
    all.resize(at + logit_rows * model_->vocabulary());
    backend_->Read(model_->logits(), 0, logit_rows, all.data() + at);
  }
  return all;
}

}  // namespace erato::test
