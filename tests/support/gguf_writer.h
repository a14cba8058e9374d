// Writes GGUF files for tests: well-formed ones, and with Field the places where a test may break
// them.
#ifndef ERATO_TESTS_SUPPORT_GGUF_WRITER_H_
#define ERATO_TESTS_SUPPORT_GGUF_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/format.h"

namespace erato::test {

/// An integer of a file that a test may overwrite: `bytes` bytes at `offset`.
struct Field {
  std::string what;
  size_t offset = 0, bytes = 0;
};

/// `file` with the little-endian integer at `field` replaced.
std::string WithField(std::string file, const Field& field, uint64_t value);

class GgufWriter {
 public:
  explicit GgufWriter(uint32_t version = 3, uint32_t alignment = 32)
      : version_(version), alignment_(alignment) {}

  // Key/value pairs, in the order in which they are added; one function for each of the 13 types.
  GgufWriter& AddU8(std::string_view key, uint8_t value);
  GgufWriter& AddI8(std::string_view key, int8_t value);
  GgufWriter& AddU16(std::string_view key, uint16_t value);
  GgufWriter& AddI16(std::string_view key, int16_t value);
  GgufWriter& AddU32(std::string_view key, uint32_t value);
  GgufWriter& AddI32(std::string_view key, int32_t value);
  GgufWriter& AddU64(std::string_view key, uint64_t value);
  GgufWriter& AddI64(std::string_view key, int64_t value);
  GgufWriter& AddF32(std::string_view key, float value);
  GgufWriter& AddF64(std::string_view key, double value);
  GgufWriter& AddBool(std::string_view key, bool value);
  GgufWriter& AddString(std::string_view key, std::string_view value);
  GgufWriter& AddStrings(std::string_view key, const std::vector<std::string>& values);
  GgufWriter& AddF32s(std::string_view key, const std::vector<float>& values);
  GgufWriter& AddI32s(std::string_view key, const std::vector<int32_t>& values);
  GgufWriter& AddU32s(std::string_view key, const std::vector<uint32_t>& values);
  GgufWriter& AddU8s(std::string_view key, const std::vector<uint8_t>& values);
  GgufWriter& AddBools(std::string_view key, const std::vector<bool>& values);
  /// A pair whose value is `bytes` as they are.
  GgufWriter& AddRaw(std::string_view key, uint32_t type, std::string_view bytes);

  /// `shape` is row-major, outermost first, as everywhere in Erato; the file gets it reversed. The
  /// values are encoded.
  GgufWriter& AddTensor(std::string_view name, Format format, const std::vector<int64_t>& shape,
                        const std::vector<float>& values);
  /// The same with bytes that are encoded already (or that a test made up).
  GgufWriter& AddTensorBytes(std::string_view name, int32_t gguf_type,
                             const std::vector<int64_t>& shape, std::string bytes);

  std::string Bytes() const;
  void WriteTo(const std::string& path) const;
  /// Every integer of Bytes(): counts, lengths, types, values, dimensions, offsets.
  std::vector<Field> Fields() const;
  /// Begin of the tensors' data in Bytes().
  size_t DataOffset() const;

 private:
  struct Pair {
    std::string key;
    uint32_t type;
    std::string value;
    std::vector<Field> fields;  // offsets from the begin of the value
  };
  struct Tensor {
    std::string name;
    int32_t type;
    std::vector<int64_t> shape;
    std::string bytes;
  };
  struct Image {
    std::string bytes;
    std::vector<Field> fields;
    size_t data_offset = 0;
  };
  Image Build() const;

  uint32_t version_, alignment_;
  std::vector<Pair> pairs_;
  std::vector<Tensor> tensors_;
};

/// Writes `bytes` to `path`, replacing what is there. The test fails where that does not work.
void WriteFile(const std::string& path, std::string_view bytes);

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_GGUF_WRITER_H_
