// A file opened once as a descriptor: read at offsets, or mapped. No other unit of Erato opens
// files for reading.
#ifndef ERATO_CORE_BASE_FILE_H_
#define ERATO_CORE_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace erato {

/// Every const function may be called from any number of threads.
class File {
 public:
  /// A regular file: NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT (a directory, a device, empty)
  /// with the path's last part.
  static absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& name() const {
    return name_;
  }  // last part of the path: messages carry no folders
  uint64_t size() const { return size_; }
  /// Exactly `bytes` bytes at `offset`; OUT_OF_RANGE past the end, DATA_LOSS where the file got
  /// shorter meanwhile.
  absl::Status ReadAt(uint64_t offset, size_t bytes, void* out) const;
  /// The whole file as text or bytes; RESOURCE_EXHAUSTED where it is longer than `max_bytes`.
  absl::StatusOr<std::string> ReadAll(size_t max_bytes) const;
  /// The whole file mapped read-only (once; later calls return the same address). Valid as long as
  /// this object.
  absl::StatusOr<const uint8_t*> Map() const;
  /// FAILED_PRECONDITION where size or time of change differ from when the file was opened:
  /// somebody wrote into it or cut it. A file replaced by renaming another over it is a different
  /// file: this one goes on serving its old contents.
  absl::Status CheckUnchanged() const;

 private:
  File() = default;
  std::string name_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
  int64_t modified_ns_ = 0;
  mutable std::mutex map_mutex_;
  mutable uint8_t* mapped_ = nullptr;
};

/// The last part of a path, whatever its trailing slashes; what messages may show.
std::string LastPathPart(std::string_view path);

/// True where `name` can only mean a file of the folder that it is joined to: not empty, no
/// separator, no leading dot, no NUL, at most 255 bytes.
bool IsBareFileName(std::string_view name);

}  // namespace erato

#endif  // ERATO_CORE_BASE_FILE_H_
