// GGUF v2 and v3: key/value metadata and a table of tensors, little-endian. Facts: ggml's
// docs/gguf.md.
#ifndef ERATO_CORE_FORMATS_GGUF_GGUF_H_
#define ERATO_CORE_FORMATS_GGUF_GGUF_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/byte_reader.h"
#include "core/base/file.h"
#include "core/formats/format.h"

namespace erato::gguf {

/// A value of any of the 13 key types. Integers of every width are kept as int64 (uint64_t only
/// where one of them is above 2^63-1), floats as double. Nested arrays are refused.
using Value = std::variant<bool, int64_t, uint64_t, double, std::string, std::vector<bool>,
                           std::vector<int64_t>, std::vector<uint64_t>, std::vector<double>,
                           std::vector<std::string>>;

/// Key/value pairs with typed, checked look-up. Find returns null where the key is absent; Get* are
/// NOT_FOUND where it is absent and INVALID_ARGUMENT where it is of another type or a number is not
/// finite, naming key, found and expected.
class Metadata {
 public:
  bool Has(std::string_view key) const;
  const Value* Find(std::string_view key) const;
  absl::StatusOr<int64_t> GetInt(std::string_view key) const;
  absl::StatusOr<double> GetFloat(std::string_view key) const;  // integers convert
  absl::StatusOr<bool> GetBool(std::string_view key) const;
  absl::StatusOr<std::string_view> GetString(std::string_view key) const;
  absl::StatusOr<const std::vector<std::string>*> GetStrings(std::string_view key) const;
  absl::StatusOr<std::vector<double>> GetFloats(std::string_view key) const;  // integers convert
  absl::StatusOr<std::vector<int64_t>> GetInts(std::string_view key) const;
  absl::Status Add(std::string key, Value value);  // error where the key is there already
  const std::map<std::string, Value, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, Value, std::less<>> values_;
};

struct TensorInfo {
  std::string name;
  Format format = Format::kF32;
  std::vector<int64_t> dims;  // in the file's order: dims[0] is the length of a row
  uint64_t offset = 0;        // from the start of the file
  uint64_t bytes = 0;
};

struct Contents {
  uint32_t version = 0;
  uint64_t alignment = 32;
  Metadata metadata;
  std::vector<TensorInfo> tensors;
};

/// Reads and validates everything but the tensors' bytes, through `file` with bounded buffers.
/// Allocates no more than the file's size plus a constant. INVALID_ARGUMENT and OUT_OF_RANGE name
/// the key or tensor and the byte offset.
absl::StatusOr<Contents> Parse(const File& file);
/// The same from a reader at the begin of its source.
absl::StatusOr<Contents> Parse(ByteReader reader);

}  // namespace erato::gguf

#endif  // ERATO_CORE_FORMATS_GGUF_GGUF_H_
