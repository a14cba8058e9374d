#include "tests/support/safetensors_writer.h"

#include "absl/strings/str_join.h"
#include "core/base/concat.h"
#include "tests/support/gguf_writer.h"

namespace erato::test {

std::string SafetensorsFile(std::string_view header, std::string_view data) {
  const uint64_t length = header.size();
  return Concat(std::string_view(reinterpret_cast<const char*>(&length), 8), header, data);
}

SafetensorsWriter& SafetensorsWriter::AddBytes(std::string_view name, std::string_view dtype,
                                               const std::vector<int64_t>& shape,
                                               std::string_view bytes) {
  if (!entries_.empty()) entries_ += ',';
  entries_ +=
      Concat("\"", name, "\":{\"dtype\":\"", dtype, "\",\"shape\":[", absl::StrJoin(shape, ","),
             "],\"data_offsets\":[", data_.size(), ",", data_.size() + bytes.size(), "]}");
  data_ += bytes;
  return *this;
}

SafetensorsWriter& SafetensorsWriter::AddF32(std::string_view name,
                                             const std::vector<int64_t>& shape,
                                             const std::vector<float>& values) {
  return AddBytes(name, "F32", shape,
                  {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

SafetensorsWriter& SafetensorsWriter::AddMetadata(std::string_view key, std::string_view value) {
  if (!metadata_.empty()) metadata_ += ',';
  metadata_ += Concat("\"", key, "\":\"", value, "\"");
  return *this;
}

std::string SafetensorsWriter::Bytes() const {
  std::string header = "{";
  if (!metadata_.empty())
    header += Concat("\"__metadata__\":{", metadata_, "}", entries_.empty() ? "" : ",");
  header += entries_ + "}";
  header.append((8 - header.size() % 8) % 8, ' ');  // as the reference writes it
  return SafetensorsFile(header, data_);
}

void SafetensorsWriter::WriteTo(const std::string& path) const { WriteFile(path, Bytes()); }

}  // namespace erato::test
