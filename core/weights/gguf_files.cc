// A model in one GGUF file.
#include <memory>
#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/weights/stored_tensors.h"

namespace erato {
namespace {

class GgufFiles final : public StoredTensors {
 public:
  explicit GgufFiles(FileAccess access) : StoredTensors(access) {}

  absl::Status Open(const std::string& path) {
    ERATO_ASSIGN_OR_RETURN(std::unique_ptr<File> opened, File::Open(path));
    ERATO_ASSIGN_OR_RETURN(gguf::Contents contents, gguf::Parse(*opened));
    metadata_ = std::move(contents.metadata);
    if (metadata_.Has("split.count")) {
      ERATO_ASSIGN_OR_RETURN(const int64_t parts, metadata_.GetInt("split.count"));
      if (parts > 1) {
        return absl::InvalidArgumentError(Concat("[gguf ", opened->name(),
                                                 "] parts of the model, got ", parts,
                                                 ", expected one joined file"));
      }
    }
    ERATO_RETURN_IF_ERROR(AddFile(std::move(opened)));
    for (gguf::TensorInfo& tensor : contents.tensors) {
      ERATO_RETURN_IF_ERROR(AddTensor({std::move(tensor.name),
                                       tensor.format,
                                       {tensor.dims.rbegin(), tensor.dims.rend()},
                                       0,
                                       tensor.offset,
                                       tensor.bytes}));
    }
    return absl::OkStatus();
  }

  const gguf::Metadata* gguf() const override { return &metadata_; }
  const Json* config() const override { return nullptr; }
  const Json* generation_config() const override { return nullptr; }

 private:
  gguf::Metadata metadata_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ModelFiles>> OpenGgufFile(const std::string& path,
                                                         FileAccess access) {
  auto files = std::make_unique<GgufFiles>(access);
  ERATO_RETURN_IF_ERROR(files->Open(path));
  return std::unique_ptr<ModelFiles>(std::move(files));
}

}  // namespace erato
