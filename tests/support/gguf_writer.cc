#include "tests/support/gguf_writer.h"

#include <cstdio>
#include <cstring>
#include <utility>

#include "core/base/concat.h"
#include "gtest/gtest.h"

namespace erato::test {
namespace {

// Type numbers of ggml's docs/gguf.md.
enum : uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64
};

template <typename T>
void Append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <typename T>
void AppendField(std::string& out, std::vector<Field>& fields, std::string what, T value) {
  fields.push_back({std::move(what), out.size(), sizeof(T)});
  Append(out, value);
}

void AppendString(std::string& out, std::vector<Field>& fields, std::string_view what,
                  std::string_view text) {
  AppendField(out, fields, Concat("length of ", what), static_cast<uint64_t>(text.size()));
  out.append(text);
}

void PadTo(std::string& out, size_t alignment) {
  out.append((alignment - out.size() % alignment) % alignment, '\0');
}

template <typename T>
std::string Raw(T value) {
  std::string out;
  Append(out, value);
  return out;
}

template <typename T>
std::string RawArray(uint32_t type, const std::vector<T>& values) {
  std::string out = Raw(type) + Raw(static_cast<uint64_t>(values.size()));
  for (const T value : values) Append(out, value);
  return out;
}

}  // namespace

std::string WithField(std::string file, const Field& field, uint64_t value) {
  std::memcpy(file.data() + field.offset, &value, field.bytes);
  return file;
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr) << path;
  EXPECT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size()) << path;
  EXPECT_EQ(std::fclose(file), 0) << path;
}

GgufWriter& GgufWriter::AddRaw(std::string_view key, uint32_t type, std::string_view bytes) {
  Pair pair = {std::string(key), type, std::string(bytes), {}};
  if (type == kArray) {
    pair.fields = {{Concat("array type of ", key), 0, 4}, {Concat("array length of ", key), 4, 8}};
  } else if (type == kString) {
    pair.fields = {{Concat("length of value of ", key), 0, 8}};
  } else if (!bytes.empty() && bytes.size() <= 8) {
    pair.fields = {{Concat("value of ", key), 0, bytes.size()}};
  }
  pairs_.push_back(std::move(pair));
  return *this;
}

GgufWriter& GgufWriter::AddU8(std::string_view key, uint8_t value) {
  return AddRaw(key, kU8, Raw(value));
}
GgufWriter& GgufWriter::AddI8(std::string_view key, int8_t value) {
  return AddRaw(key, kI8, Raw(value));
}
GgufWriter& GgufWriter::AddU16(std::string_view key, uint16_t value) {
  return AddRaw(key, kU16, Raw(value));
}
GgufWriter& GgufWriter::AddI16(std::string_view key, int16_t value) {
  return AddRaw(key, kI16, Raw(value));
}
GgufWriter& GgufWriter::AddU32(std::string_view key, uint32_t value) {
  return AddRaw(key, kU32, Raw(value));
}
GgufWriter& GgufWriter::AddI32(std::string_view key, int32_t value) {
  return AddRaw(key, kI32, Raw(value));
}
GgufWriter& GgufWriter::AddU64(std::string_view key, uint64_t value) {
  return AddRaw(key, kU64, Raw(value));
}
GgufWriter& GgufWriter::AddI64(std::string_view key, int64_t value) {
  return AddRaw(key, kI64, Raw(value));
}
GgufWriter& GgufWriter::AddF32(std::string_view key, float value) {
  return AddRaw(key, kF32, Raw(value));
}
GgufWriter& GgufWriter::AddF64(std::string_view key, double value) {
  return AddRaw(key, kF64, Raw(value));
}
GgufWriter& GgufWriter::AddBool(std::string_view key, bool value) {
  return AddRaw(key, kBool, Raw(static_cast<uint8_t>(value)));
}
GgufWriter& GgufWriter::AddString(std::string_view key, std::string_view value) {
  return AddRaw(key, kString, Raw(static_cast<uint64_t>(value.size())) + std::string(value));
}
GgufWriter& GgufWriter::AddStrings(std::string_view key, const std::vector<std::string>& values) {
  std::string out = Raw(static_cast<uint32_t>(kString)) + Raw(static_cast<uint64_t>(values.size()));
  for (const std::string& value : values) out += Raw(static_cast<uint64_t>(value.size())) + value;
  return AddRaw(key, kArray, out);
}
GgufWriter& GgufWriter::AddF32s(std::string_view key, const std::vector<float>& values) {
  return AddRaw(key, kArray, RawArray(kF32, values));
}
GgufWriter& GgufWriter::AddI32s(std::string_view key, const std::vector<int32_t>& values) {
  return AddRaw(key, kArray, RawArray(kI32, values));
}
GgufWriter& GgufWriter::AddU32s(std::string_view key, const std::vector<uint32_t>& values) {
  return AddRaw(key, kArray, RawArray(kU32, values));
}
GgufWriter& GgufWriter::AddU8s(std::string_view key, const std::vector<uint8_t>& values) {
  return AddRaw(key, kArray, RawArray(kU8, values));
}
GgufWriter& GgufWriter::AddBools(std::string_view key, const std::vector<bool>& values) {
  return AddRaw(key, kArray, RawArray(kBool, std::vector<uint8_t>(values.begin(), values.end())));
}

GgufWriter& GgufWriter::AddTensorBytes(std::string_view name, int32_t gguf_type,
                                       const std::vector<int64_t>& shape, std::string bytes) {
  tensors_.push_back({std::string(name), gguf_type, shape, std::move(bytes)});
  return *this;
}

GgufWriter& GgufWriter::AddTensor(std::string_view name, Format format,
                                  const std::vector<int64_t>& shape,
                                  const std::vector<float>& values) {
  const FormatInfo& info = InfoOf(format);
  const auto n = static_cast<int64_t>(values.size());
  EXPECT_EQ(n % info.block_values, 0) << name;
  std::string bytes(static_cast<size_t>(BytesOf(format, n)), '\0');
  info.encode(values.data(), n, reinterpret_cast<uint8_t*>(bytes.data()));
  return AddTensorBytes(name, info.gguf_type, shape, std::move(bytes));
}

GgufWriter::Image GgufWriter::Build() const {
  Image image;
  std::string& out = image.bytes;
  std::vector<Field>& fields = image.fields;
  std::vector<Pair> pairs = pairs_;
  if (alignment_ != 32) {
    pairs.push_back(
        {"general.alignment", kU32, Raw(alignment_), {{"value of general.alignment", 0, 4}}});
  }
  AppendField(out, fields, "magic", uint32_t{0x46554747});
  AppendField(out, fields, "version", version_);
  AppendField(out, fields, "number of tensors", static_cast<uint64_t>(tensors_.size()));
  AppendField(out, fields, "number of keys", static_cast<uint64_t>(pairs.size()));
  for (const Pair& pair : pairs) {
    AppendString(out, fields, Concat("key ", pair.key), pair.key);
    AppendField(out, fields, Concat("type of ", pair.key), pair.type);
    for (const Field& field : pair.fields)
      fields.push_back({field.what, out.size() + field.offset, field.bytes});
    out += pair.value;
  }
  uint64_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    AppendString(out, fields, Concat("tensor ", tensor.name), tensor.name);
    AppendField(out, fields, Concat("dimensions of ", tensor.name),
                static_cast<uint32_t>(tensor.shape.size()));
    for (auto dim = tensor.shape.rbegin(); dim != tensor.shape.rend(); ++dim) {
      AppendField(out, fields, Concat("dimension of ", tensor.name), *dim);
    }
    AppendField(out, fields, Concat("type of ", tensor.name), tensor.type);
    AppendField(out, fields, Concat("offset of ", tensor.name), offset);
    offset += (tensor.bytes.size() + alignment_ - 1) / alignment_ * alignment_;
  }
  PadTo(out, alignment_);
  image.data_offset = out.size();
  for (const Tensor& tensor : tensors_) {
    out += tensor.bytes;
    PadTo(out, alignment_);
  }
  return image;
}

std::string GgufWriter::Bytes() const { return Build().bytes; }
std::vector<Field> GgufWriter::Fields() const { return Build().fields; }
size_t GgufWriter::DataOffset() const { return Build().data_offset; }
void GgufWriter::WriteTo(const std::string& path) const { WriteFile(path, Bytes()); }

}  // namespace erato::test
