// A GGUF file of any bytes, and the model that its metadata describes.
#include <cstdint>
#include <utility>

#include "core/formats/gguf/gguf.h"
#include "models/registry.h"
#include "tests/fuzz/parsed_model.h"
#include "tests/fuzz/promise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  using namespace erato;
  auto contents = gguf::Parse(ByteReader(absl::MakeConstSpan(data, bytes), "fuzz"));
  if (!contents.ok()) return 0;
  for (const gguf::TensorInfo& tensor : contents->tensors) {
    test::Promise(tensor.offset <= bytes && tensor.bytes <= bytes - tensor.offset);
    test::Promise(!tensor.dims.empty() && tensor.dims[0] % InfoOf(tensor.format).block_values == 0);
  }
  const test::ParsedModel model(*std::move(contents));
  (void)Summarise(model);
  (void)CheckModel(model);
  return 0;
}
