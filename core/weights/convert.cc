#include "core/weights/convert.h"

#include <vector>

#include "core/base/status.h"

namespace erato {

HostTensor ConvertedTensor::View() const {
  HostTensor view;
  view.format = to_;
  view.rows = from_.rows;
  view.cols = from_.cols;
  view.row_bytes = static_cast<size_t>(BytesOf(to_, from_.cols));
  view.stored = this;
  return view;
}

absl::StatusOr<const uint8_t*> ConvertedTensor::Read(uint64_t begin, size_t count,
                                                     uint8_t* room) const {
  const auto row_bytes = static_cast<size_t>(BytesOf(to_, from_.cols));
  std::vector<uint8_t> stored(from_.BytesOfRows(1));
  std::vector<float> values(static_cast<size_t>(from_.cols));
  for (size_t at = 0; at < count; at += row_bytes) {
    const auto row = static_cast<int64_t>((begin + at) / row_bytes);
    ERATO_ASSIGN_OR_RETURN(const uint8_t* bytes, from_.Rows(row, 1, stored.data()));
    InfoOf(from_.format).decode(bytes, from_.cols, values.data());
    InfoOf(to_).encode(values.data(), from_.cols, room + at);
  }
  return room;
}

}  // namespace erato
