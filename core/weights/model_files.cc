#include "core/weights/model_files.h"

#include <sys/stat.h>

#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/weights/stored_tensors.h"

namespace erato {

int64_t TensorEntry::rows() const {
  int64_t rows = 1;
  for (size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
  return rows;
}

int64_t TensorEntry::cols() const { return shape.empty() ? 1 : shape.back(); }

absl::StatusOr<std::unique_ptr<ModelFiles>> ModelFiles::Open(const std::string& path,
                                                             FileAccess access) {
  struct stat info;
  const bool folder = stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  return folder ? OpenHuggingFaceFolder(path, access) : OpenGgufFile(path, access);
}

absl::Status StoredTensors::AddFile(std::unique_ptr<File> file) {
  // Mapped at once, so that Read has nothing left that can fail for want of address space.
  if (access_ == FileAccess::kMap) ERATO_RETURN_IF_ERROR(file->Map().status());
  total_bytes_ += file->size();
  files_.push_back(std::move(file));
  return absl::OkStatus();
}

absl::Status StoredTensors::AddTensor(TensorEntry tensor) {
  if (by_name_.contains(tensor.name)) {
    return absl::InvalidArgumentError(Concat("[model] tensor ", Excerpt(tensor.name, 80),
                                             ", got it in two files, expected it once"));
  }
  by_name_.emplace(tensor.name, tensors_.size());
  tensors_.push_back(std::move(tensor));
  return absl::OkStatus();
}

const TensorEntry* StoredTensors::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

absl::StatusOr<const uint8_t*> StoredTensors::Read(const TensorEntry& tensor, uint64_t begin,
                                                   size_t count, uint8_t* room) const {
  if (begin > tensor.bytes || count > tensor.bytes - begin) {
    return absl::OutOfRangeError(Concat("[tensor] ", Excerpt(tensor.name, 80), ", got ",
                                        tensor.bytes, " bytes, expected ", count, " from byte ",
                                        begin));
  }
  const File& file = *files_[static_cast<size_t>(tensor.file)];
  if (access_ == FileAccess::kMap) {
    ERATO_ASSIGN_OR_RETURN(const uint8_t* bytes, file.Map());
    return bytes + tensor.offset + begin;
  }
  ERATO_RETURN_IF_ERROR(file.ReadAt(tensor.offset + begin, count, room));
  return room;
}

absl::Status StoredTensors::CheckUnchanged() const {
  for (const auto& file : files_) ERATO_RETURN_IF_ERROR(file->CheckUnchanged());
  return absl::OkStatus();
}

absl::StatusOr<Json> ModelFiles::ReadJsonFile(std::string_view, std::string_view name) const {
  return absl::NotFoundError(Concat("[model file] ", name, ", got nothing, expected a folder"));
}

}  // namespace erato
