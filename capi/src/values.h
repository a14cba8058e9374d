// The objects of values.h, and how they are made.
#ifndef ERATO_CAPI_SRC_VALUES_H_
#define ERATO_CAPI_SRC_VALUES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "erato/values.h"

struct erato_text {
  std::string value;
};
struct erato_ids {
  std::vector<int32_t> value;
};
struct erato_floats {
  std::vector<float> value;
  size_t rows = 0, columns = 0;
};

#endif  // ERATO_CAPI_SRC_VALUES_H_
