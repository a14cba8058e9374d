// What loading a file says.
#ifndef ERATO_TESTS_MODELS_LOAD_STATUS_H_
#define ERATO_TESTS_MODELS_LOAD_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "core/ref/ref.h"
#include "core/weights/model_files.h"
#include "gtest/gtest.h"
#include "models/registry.h"

namespace erato::test {

/// By all three ways in, which must agree on whether it works.
inline absl::Status LoadStatus(const std::string& path) {
  const auto files = ModelFiles::Open(path, FileAccess::kCopy);
  if (!files.ok()) return files.status();
  const absl::Status checked = CheckModel(**files);
  const auto backend = *NewRefBackend();
  const auto summary = Summarise(**files);
  EXPECT_TRUE(summary.ok() || !checked.ok()) << summary.status();
  const bool encodes = summary.ok() && summary->vectors;
  const absl::Status bound = encodes ? BindEncoder(**files, *backend, {}).status()
                                     : BindModel(**files, *backend, {}).status();
  EXPECT_EQ(checked, bound);
  return checked;
}

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_LOAD_STATUS_H_
