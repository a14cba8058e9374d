// A safetensors file of any bytes.
#include <cstdint>

#include "core/formats/safetensors/safetensors.h"
#include "tests/fuzz/promise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using namespace erato;
  const auto contents = safetensors::Parse(ByteReader(absl::MakeConstSpan(data, bytes), "fuzz"));
  if (!contents.ok()) return 0;
  uint64_t end = bytes;
  for (auto tensor = contents->tensors.rbegin(); tensor != contents->tensors.rend(); ++tensor) {
    test::Promise(tensor->bytes <= end && tensor->offset == end - tensor->bytes);
    end = tensor->offset;
  }
  return 0;
}
