// A model as it lies on disk, whatever the container: one GGUF file, or a Hugging Face folder.
// Metadata is validated and read when opened; tensor bytes are read when asked for, some at a time,
// so that no tensor is in memory twice.
#ifndef ERATO_CORE_WEIGHTS_MODEL_FILES_H_
#define ERATO_CORE_WEIGHTS_MODEL_FILES_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/json.h"
#include "core/formats/gguf/gguf.h"
#include "core/weights/tensor.h"

namespace erato {

/// Where a tensor lies. shape is row-major, outermost dimension first (the reverse of GGUF's
/// order).
struct TensorEntry {
  std::string name;
  Format format = Format::kF32;
  std::vector<int64_t> shape;
  int file = 0;
  uint64_t offset = 0, bytes = 0;
  int64_t rows() const;  // product of all but the last dimension; 1 for a vector
  int64_t cols() const;  // the last dimension
};

/// copy: bytes are read into our own memory; a file that changes under the host cannot hurt once
/// loading is done. map: bytes stay in the page cache; CheckUnchanged tells when a file was changed
/// or cut.
enum class FileAccess { kCopy, kMap };

class ModelFiles {
 public:
  /// `path`: a .gguf file, or a folder with config.json and *.safetensors (single, or sharded with
  /// an index). Errors: NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT ("[where] what, got X,
  /// expected Y").
  static absl::StatusOr<std::unique_ptr<ModelFiles>> Open(const std::string& path,
                                                          FileAccess access);
  virtual ~ModelFiles() = default;

  /// GGUF: its key/value pairs; null for a folder.
  virtual const gguf::Metadata* gguf() const = 0;
  /// Folder: config.json and generation_config.json (null JSON where absent); null for GGUF.
  virtual const Json* config() const = 0;
  virtual const Json* generation_config() const = 0;
  /// Folder: another file of it, or of a folder in it where `folder` is not empty. NOT_FOUND where
  /// it is absent, and for GGUF; INVALID_ARGUMENT where a name leads elsewhere or the content is no
  /// JSON.
  virtual absl::StatusOr<Json> ReadJsonFile(std::string_view folder, std::string_view name) const;
  virtual const std::vector<TensorEntry>& tensors() const = 0;
  virtual const TensorEntry* Find(std::string_view name) const = 0;  // null = absent
  virtual uint64_t total_bytes() const = 0;                          // of all files

  /// Bytes [begin, begin + count) of a tensor: in map mode a pointer into the file, valid as long
  /// as this object, else `room`, into which they were read. Any number of threads.
  virtual absl::StatusOr<const uint8_t*> Read(const TensorEntry& tensor, uint64_t begin,
                                              size_t count, uint8_t* room) const = 0;
  /// FAILED_PRECONDITION when size, time of change or inode of a file differ from when it was
  /// opened.
  virtual absl::Status CheckUnchanged() const = 0;
};

}  // namespace erato

#endif  // ERATO_CORE_WEIGHTS_MODEL_FILES_H_
