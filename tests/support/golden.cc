#include "tests/support/golden.h"

#include <cstring>

#include "core/base/file.h"
#include "core/formats/safetensors/safetensors.h"
#include "gtest/gtest.h"

namespace erato::test {
namespace {

template <typename T, typename Kept>
void Widen(const std::string& bytes, std::vector<Kept>& out) {
  for (size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + i, sizeof(T));
    out.push_back(static_cast<Kept>(value));
  }
}

void WidenIntegers(std::string_view dtype, const std::string& bytes, std::vector<int64_t>& out) {
  if (dtype == "I64" || dtype == "U64") return Widen<int64_t>(bytes, out);
  if (dtype == "I32") return Widen<int32_t>(bytes, out);
  if (dtype == "U32") return Widen<uint32_t>(bytes, out);
  if (dtype == "I16") return Widen<int16_t>(bytes, out);
  if (dtype == "U16") return Widen<uint16_t>(bytes, out);
  if (dtype == "I8") return Widen<int8_t>(bytes, out);
  return Widen<uint8_t>(bytes, out);
}

}  // namespace

std::map<std::string, Array> ReadArrays(const std::string& path) {
  std::map<std::string, Array> arrays;
  const auto file = File::Open(path);
  EXPECT_TRUE(file.ok()) << file.status();
  if (!file.ok()) return arrays;
  const auto contents = safetensors::Parse(**file);
  EXPECT_TRUE(contents.ok()) << contents.status();
  if (!contents.ok()) return arrays;
  for (const safetensors::TensorInfo& tensor : contents->tensors) {
    std::string bytes(tensor.bytes, '\0');
    const absl::Status read = (*file)->ReadAt(tensor.offset, bytes.size(), bytes.data());
    EXPECT_TRUE(read.ok()) << read;
    Array& array = arrays[tensor.name];
    array.shape = tensor.shape;
    if (tensor.format.has_value()) {
      const FormatInfo& info = InfoOf(*tensor.format);
      const auto n = static_cast<int64_t>(bytes.size()) / info.block_bytes;
      array.floats.resize(static_cast<size_t>(n));
      info.decode(reinterpret_cast<const uint8_t*>(bytes.data()), n, array.floats.data());
    } else if (tensor.dtype->is_float) {
      EXPECT_STREQ(tensor.dtype->name, "F64") << tensor.name;
      Widen<double>(bytes, array.floats);
    } else {
      WidenIntegers(tensor.dtype->name, bytes, array.integers);
    }
  }
  return arrays;
}

}  // namespace erato::test
