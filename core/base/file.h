// A file opened once as a descriptor: read at offsets, or mapped. No other unit of Erato opens files for reading.
#ifndef ERATO_CORE_BASE_FILE_H_
#define ERATO_CORE_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace erato {

class File {
 public:
  /// A regular file: NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a directory, a device, empty) with the path's last part.
  static absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& name() const { return name_; }  // last part of the path: messages carry no folders
  uint64_t size() const { return size_; }
  /// Exactly `bytes` bytes at `offset`; OUT_OF_RANGE past the end, DATA_LOSS where the file got shorter meanwhile.
  absl::Status ReadAt(uint64_t offset, size_t bytes, void* out) const;
  /// The whole file mapped read-only (once; later calls return the same address). Valid as long as this object.
  absl::StatusOr<const uint8_t*> Map() const;
  /// FAILED_PRECONDITION where size, modification time or inode differ from when the file was opened.
  absl::Status CheckUnchanged() const;

 private:
  File() = default;
  std::string path_, name_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
  int64_t modified_ns_ = 0;
  uint64_t inode_ = 0, device_ = 0;
  mutable uint8_t* mapped_ = nullptr;
};

}  // namespace erato

#endif  // ERATO_CORE_BASE_FILE_H_
