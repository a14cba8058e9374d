// Golden files: named arrays in a safetensors file, as the reference implementation wrote them.
#ifndef ERATO_TESTS_SUPPORT_GOLDEN_H_
#define ERATO_TESTS_SUPPORT_GOLDEN_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace erato::test {

/// One of the two vectors is filled: floats from F32, F16, BF16 and F64, integers from every
/// integer type and BOOL.
struct Array {
  std::vector<int64_t> shape;
  std::vector<float> floats;
  std::vector<int64_t> integers;
};

/// The arrays of a safetensors file; the test fails, and the map is empty, where it cannot be read.
std::map<std::string, Array> ReadArrays(const std::string& path);

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_GOLDEN_H_
