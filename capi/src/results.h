// The object of values.h that has a result for each text of a batch.
#ifndef ERATO_CAPI_SRC_RESULTS_H_
#define ERATO_CAPI_SRC_RESULTS_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "capi/src/guard.h"
#include "erato/values.h"

struct erato_results {
  struct Item {
    absl::Status status;
    size_t begin = 0, rows = 0;  // in floats
    size_t tokens = 0, left_out = 0;
  };
  std::vector<float> floats;
  std::vector<Item> items;
  size_t columns = 0;
};

#endif  // ERATO_CAPI_SRC_RESULTS_H_
