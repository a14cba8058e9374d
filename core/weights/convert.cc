#include "core/weights/convert.h"

namespace erato {
namespace {

/// Row `row` of a tensor, wherever its values lie.
void ReadRow(const HostTensor& from, int64_t row, float* out) {
  const FormatInfo& format = InfoOf(from.format);
  if (!from.transposed) {
    return format.decode(from.data + static_cast<size_t>(row) * from.row_bytes, from.cols, out);
  }
  for (int64_t i = 0; i < from.cols; ++i) {
    const uint8_t* line = from.data + static_cast<size_t>(i) * from.row_bytes;
    format.decode(line + BytesOf(from.format, row), 1, out + i);
  }
}

}  // namespace

bool Convertible(const HostTensor& from, Format to) {
  return from.cols % InfoOf(to).block_values == 0;
}

HostTensor Convert(const HostTensor& from, Format to, std::vector<uint8_t>& bytes) {
  HostTensor made{to, from.rows, from.cols};
  made.row_bytes = static_cast<size_t>(BytesOf(to, from.cols));
  bytes.resize(static_cast<size_t>(from.rows) * made.row_bytes);
  made.data = bytes.data();
  std::vector<float> row(static_cast<size_t>(from.cols));
  for (int64_t r = 0; r < from.rows; ++r) {
    ReadRow(from, r, row.data());
    InfoOf(to).encode(row.data(), from.cols,
                      bytes.data() + static_cast<size_t>(r) * made.row_bytes);
  }
  return made;
}

}  // namespace erato
