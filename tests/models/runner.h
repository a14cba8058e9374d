// A model of a file bound to a backend, run on one line of tokens in chunks.
#ifndef ERATO_TESTS_MODELS_RUNNER_H_
#define ERATO_TESTS_MODELS_RUNNER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "core/weights/model_files.h"
#include "models/registry.h"

namespace erato::test {

class Runner {
 public:
  /// Loads `path` into `backend`; steps of at most `max_rows` rows.
  static absl::StatusOr<std::unique_ptr<Runner>> Load(const std::string& path,
                                                      std::unique_ptr<Backend> backend,
                                                      int32_t max_rows = 64);

  /// Logits [ids, vocabulary] of a fresh sequence, `chunk` rows a step; `last` = only those of the
  /// last row [1, vocabulary].
  std::vector<float> Logits(const std::vector<int32_t>& ids, int32_t chunk, bool last = false);
  const Model& model() const { return *model_; }

 private:
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<KvPool> pool_;
};

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_RUNNER_H_
