#include "core/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

int64_t ModifiedNanoseconds(const struct stat& info) {
  return static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

absl::Status OpenError(int error, std::string_view name) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(
          Concat("[file ", name, "] file, got none, expected a regular file"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          Concat("[file ", name, "] permission, got none to read, expected a readable file"));
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return absl::ResourceExhaustedError(Concat("[file ", name, "] opening, got system error ",
                                                 error, ", expected a free descriptor"));
    default:
      return absl::InvalidArgumentError(Concat("[file ", name, "] opening, got system error ",
                                               error, ", expected a regular file"));
  }
}

const char* KindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISFIFO(mode)) return "a pipe";
  return "something else";
}

}  // namespace

absl::StatusOr<std::unique_ptr<File>> File::Open(const std::string& path) {
  std::unique_ptr<File> file(new File);
  file->name_ = LastPathPart(path);
  if (path.find('\0') != std::string::npos) return OpenError(ENOENT, "");
  // O_NONBLOCK: opening a pipe that nobody writes to must not hang; it means nothing to a regular
  // file.
  do {
    file->descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (file->descriptor_ < 0 && errno == EINTR);
  if (file->descriptor_ < 0) return OpenError(errno, file->name_);
  struct stat info;
  if (fstat(file->descriptor_, &info) != 0) return OpenError(errno, file->name_);
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(Concat("[file ", file->name_, "] kind, got ",
                                             KindOf(info.st_mode), ", expected a regular file"));
  }
  if (info.st_size <= 0) {
    return absl::InvalidArgumentError(
        Concat("[file ", file->name_, "] size, got 0 bytes, expected at least 1"));
  }
  file->size_ = static_cast<uint64_t>(info.st_size);
  file->modified_ns_ = ModifiedNanoseconds(info);
  return file;
}

File::~File() {
  if (mapped_ != nullptr) munmap(mapped_, size_);
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status File::ReadAt(uint64_t offset, size_t bytes, void* out) const {
  if (offset > size_ || bytes > size_ - offset) {
    return absl::OutOfRangeError(Concat("[file ", name_, "] reading at byte ", offset, ", got ",
                                        offset > size_ ? 0 : size_ - offset,
                                        " bytes left, expected ", bytes));
  }
  auto* to = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    // Linux reads at most 2^31-4096 bytes a call.
    const ssize_t got = pread(descriptor_, to, std::min<size_t>(bytes, size_t{1} << 30),
                              static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int error = got < 0 ? errno : 0;
      return absl::DataLossError(Concat(
          "[file ", name_, "] reading at byte ", offset, ", got ",
          error == 0 ? "the end of a file that became shorter" : Concat("system error ", error),
          ", expected ", bytes, " more bytes"));
    }
    to += got;
    offset += static_cast<uint64_t>(got);
    bytes -= static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> File::ReadAll(size_t max_bytes) const {
  if (size_ > max_bytes) {
    return absl::ResourceExhaustedError(
        Concat("[file ", name_, "] size, got ", size_, " bytes, expected at most ", max_bytes));
  }
  std::string text(static_cast<size_t>(size_), '\0');
  ERATO_RETURN_IF_ERROR(ReadAt(0, text.size(), text.data()));
  return text;
}

absl::StatusOr<const uint8_t*> File::Map() const {
  std::lock_guard lock(map_mutex_);
  if (mapped_ == nullptr) {
    if (size_ > std::numeric_limits<size_t>::max()) {
      return absl::ResourceExhaustedError(Concat("[file ", name_, "] mapping, got ", size_,
                                                 " bytes, expected no more than can be addressed"));
    }
    void* address =
        mmap(nullptr, static_cast<size_t>(size_), PROT_READ, MAP_PRIVATE, descriptor_, 0);
    if (address == MAP_FAILED) {
      return absl::ResourceExhaustedError(Concat("[file ", name_, "] mapping, got system error ",
                                                 errno, ", expected ", size_,
                                                 " bytes of address space"));
    }
    mapped_ = static_cast<uint8_t*>(address);
  }
  return mapped_;
}

absl::Status File::CheckUnchanged() const {
  struct stat info;
  if (fstat(descriptor_, &info) != 0) {
    return absl::FailedPreconditionError(Concat("[file ", name_, "] state, got system error ",
                                                errno, ", expected the file as it was opened"));
  }
  const auto size = static_cast<uint64_t>(info.st_size);
  if (size != size_) {
    return absl::FailedPreconditionError(Concat("[file ", name_, "] size, got ", size,
                                                " bytes, expected ", size_,
                                                " as when it was opened"));
  }
  if (ModifiedNanoseconds(info) != modified_ns_) {
    return absl::FailedPreconditionError(
        Concat("[file ", name_,
               "] time of change, got another one, expected the one from when it was opened"));
  }
  return absl::OkStatus();
}

std::string LastPathPart(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.find_last_of('/');
  if (slash != std::string_view::npos && path.size() > 1) path.remove_prefix(slash + 1);
  return std::string(path);
}

bool IsBareFileName(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name.front() != '.' &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

}  // namespace erato
