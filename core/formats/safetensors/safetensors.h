// safetensors: eight bytes of header length, a JSON header (name → dtype, shape, offsets), then the
// tensors' bytes, end to end. Facts: the format's description in the safetensors repository. Its
// rules are requirements here.
#ifndef ERATO_CORE_FORMATS_SAFETENSORS_SAFETENSORS_H_
#define ERATO_CORE_FORMATS_SAFETENSORS_SAFETENSORS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/byte_reader.h"
#include "core/base/file.h"
#include "core/formats/format.h"

namespace erato::safetensors {

/// An element type of the file format. Few of them are formats of weights.
struct Dtype {
  const char* name;  // "BF16"
  int bits;          // of one element
  bool is_float;
};
/// Null where the name is none of the format's.
const Dtype* FindDtype(std::string_view name);

struct TensorInfo {
  std::string name;
  const Dtype* dtype = nullptr;  // never null after Parse
  std::optional<Format> format;  // none for a dtype that is no weight format
  std::vector<int64_t> shape;    // outermost first; empty for a single number
  uint64_t offset = 0;           // from the start of the file
  uint64_t bytes = 0;
};

struct Contents {
  std::vector<TensorInfo> tensors;  // in the order of their bytes
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// Reads and validates the header: names that differ, known dtypes, shape × dtype = bytes, and
/// offsets that cover the rest of the file without gap or overlap. Allocates no more than the
/// file's size plus a constant.
absl::StatusOr<Contents> Parse(const File& file);
/// The same from a reader at the begin of its source.
absl::StatusOr<Contents> Parse(ByteReader reader);

}  // namespace erato::safetensors

#endif  // ERATO_CORE_FORMATS_SAFETENSORS_SAFETENSORS_H_
