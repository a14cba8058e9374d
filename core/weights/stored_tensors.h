// What every container has: open files, a table of tensors by name, their bytes on request.
#ifndef ERATO_CORE_WEIGHTS_STORED_TENSORS_H_
#define ERATO_CORE_WEIGHTS_STORED_TENSORS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/file.h"
#include "core/weights/model_files.h"

namespace erato {

class StoredTensors : public ModelFiles {
 public:
  const std::vector<TensorEntry>& tensors() const final { return tensors_; }
  const TensorEntry* Find(std::string_view name) const final;
  uint64_t total_bytes() const final { return total_bytes_; }
  absl::StatusOr<const uint8_t*> Read(const TensorEntry& tensor, uint64_t begin, size_t count,
                                      uint8_t* room) const final;
  absl::Status CheckUnchanged() const final;

 protected:
  explicit StoredTensors(FileAccess access) : access_(access) {}
  absl::Status AddFile(std::unique_ptr<File> file);
  absl::Status AddTensor(TensorEntry tensor);  // INVALID_ARGUMENT where the name is there already
  const File& file(size_t i) const { return *files_[i]; }
  size_t file_count() const { return files_.size(); }

 private:
  FileAccess access_;
  std::vector<std::unique_ptr<File>> files_;
  std::vector<TensorEntry> tensors_;
  std::map<std::string, size_t, std::less<>> by_name_;
  uint64_t total_bytes_ = 0;
};

/// A .gguf file.
absl::StatusOr<std::unique_ptr<ModelFiles>> OpenGgufFile(const std::string& path,
                                                         FileAccess access);
/// A folder with config.json and model.safetensors, or model.safetensors.index.json and the files
/// it names.
absl::StatusOr<std::unique_ptr<ModelFiles>> OpenHuggingFaceFolder(const std::string& path,
                                                                  FileAccess access);

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_STORED_TENSORS_H_
