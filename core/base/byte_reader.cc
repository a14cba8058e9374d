#include "core/base/byte_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/checked.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {
constexpr size_t kBufferBytes = size_t{64} << 10;
}  // namespace

ByteReader::ByteReader(const File& file, std::string where)
    : file_(&file), where_(std::move(where)), size_(file.size()) {}

ByteReader::ByteReader(absl::Span<const uint8_t> bytes, std::string where)
    : where_(std::move(where)), window_(bytes), size_(bytes.size()) {}

absl::Status ByteReader::Refill() {
  base_ += position_;
  position_ = 0;
  window_ = {};
  const auto bytes = static_cast<size_t>(std::min<uint64_t>(kBufferBytes, size_ - base_));
  if (buffer_.empty()) buffer_.resize(bytes);
  ERATO_RETURN_IF_ERROR(file_->ReadAt(base_, bytes, buffer_.data()));
  window_ = absl::MakeConstSpan(buffer_.data(), bytes);
  return absl::OkStatus();
}

absl::Status ByteReader::Read(void* out, uint64_t bytes, std::string_view what) {
  if (bytes > remaining()) {
    return absl::OutOfRangeError(Concat("[", where_, "] ", what, " at byte ", offset(), ", got ",
                                        remaining(), " bytes left, expected ", bytes));
  }
  auto* to = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    if (position_ == window_.size()) ERATO_RETURN_IF_ERROR(Refill());
    const auto part = static_cast<size_t>(std::min<uint64_t>(bytes, window_.size() - position_));
    std::memcpy(to, window_.data() + position_, part);
    to += part;
    position_ += part;
    bytes -= part;
  }
  return absl::OkStatus();
}

absl::Status ByteReader::Skip(uint64_t bytes, std::string_view what) {
  if (bytes > remaining()) {
    return absl::OutOfRangeError(Concat("[", where_, "] ", what, " at byte ", offset(), ", got ",
                                        remaining(), " bytes left, expected ", bytes));
  }
  const size_t buffered = window_.size() - position_;
  if (bytes <= buffered) {
    position_ += static_cast<size_t>(bytes);
  } else {  // only a file's window can be shorter than the source
    base_ = offset() + bytes;
    position_ = 0;
    window_ = {};
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ByteReader::ReadString(uint64_t bytes, uint64_t max_bytes,
                                                   std::string_view what) {
  if (bytes > max_bytes) {
    return Error(what, offset(), Concat(bytes, " bytes"), Concat("at most ", max_bytes));
  }
  ERATO_RETURN_IF_ERROR(CheckCount(bytes, 1, what));
  std::string text(static_cast<size_t>(bytes), '\0');
  ERATO_RETURN_IF_ERROR(Read(text.data(), bytes, what));
  return text;
}

absl::Status ByteReader::CheckCount(uint64_t count, uint64_t record_bytes,
                                    std::string_view what) const {
  uint64_t bytes = 0;
  if (CheckedMul(count, record_bytes, &bytes) && bytes <= remaining()) return absl::OkStatus();
  return absl::OutOfRangeError(
      Concat("[", where_, "] ", what, " at byte ", offset(), ", got ", count, " of at least ",
             record_bytes, " bytes, expected no more than the ", remaining(), " bytes left"));
}

absl::Status ByteReader::Error(std::string_view what, uint64_t at, std::string_view got,
                               std::string_view expected) const {
  return absl::InvalidArgumentError(
      Concat("[", where_, "] ", what, " at byte ", at, ", got ", got, ", expected ", expected));
}

}  // namespace erato
