// The one bounded reader: little-endian numbers, strings and arrays in order, from a file or from
// memory. It knows what is left, allocates nothing before it has checked that the bytes are there,
// and its errors name place and offset.
#ifndef ERATO_CORE_BASE_BYTE_READER_H_
#define ERATO_CORE_BASE_BYTE_READER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/base/file.h"

namespace erato {

class ByteReader {
 public:
  static_assert(std::endian::native == std::endian::little,
                "numbers are copied as they lie in the file");

  /// Reads `file` from its begin through a buffer of 64 KiB. `where` goes into messages: "gguf
  /// model.gguf".
  ByteReader(const File& file, std::string where);
  /// Reads `bytes`, which stay the caller's.
  ByteReader(absl::Span<const uint8_t> bytes, std::string where);

  ByteReader(ByteReader&&) = default;  // a copy would look into the buffer of its original

  const std::string& where() const { return where_; }
  uint64_t offset() const { return base_ + position_; }
  uint64_t size() const { return size_; }
  uint64_t remaining() const { return size_ - offset(); }

  /// Exactly `bytes` bytes. OUT_OF_RANGE ("[where] what at byte N, got M bytes left, expected K")
  /// where they are not there; the position is then unchanged.
  absl::Status Read(void* out, uint64_t bytes, std::string_view what);
  absl::Status Skip(uint64_t bytes, std::string_view what);

  template <typename T>
  absl::StatusOr<T> ReadNumber(std::string_view what) {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
    T value;
    if (absl::Status status = Read(&value, sizeof(T), what); !status.ok()) return status;
    return value;
  }

  /// `bytes` bytes as a string, at most `max_bytes`.
  absl::StatusOr<std::string> ReadString(uint64_t bytes, uint64_t max_bytes, std::string_view what);

  /// OUT_OF_RANGE unless `count` records of at least `record_bytes` can still follow: asked before
  /// any reservation.
  absl::Status CheckCount(uint64_t count, uint64_t record_bytes, std::string_view what) const;

  /// INVALID_ARGUMENT "[where] what at byte N, got X, expected Y".
  absl::Status Error(std::string_view what, uint64_t at, std::string_view got,
                     std::string_view expected) const;

 private:
  absl::Status Refill();

  const File* file_ = nullptr;
  std::string where_;
  std::vector<uint8_t> buffer_;
  absl::Span<const uint8_t> window_;  // bytes of the source from base_ on
  uint64_t base_ = 0, size_ = 0;
  size_t position_ = 0;  // in window_
};

}  // namespace erato

#endif  // ERATO_CORE_BASE_BYTE_READER_H_
