// A model in a Hugging Face folder. The index of a sharded model names files of the folder, and
// modules.json of sentence-transformers folders in it whose weights belong to the model: bare names
// only, so that no model can make us open anything outside it.
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "core/formats/safetensors/safetensors.h"
#include "core/weights/stored_tensors.h"

namespace erato {
namespace {

// Configurations are some KB; label maps make some of them 100 KB.
constexpr JsonLimits kConfigLimits = {size_t{4} << 20, 32, 50'000, size_t{1} << 20};
// An index has one line a tensor.
constexpr JsonLimits kIndexLimits = {size_t{16} << 20, 8, 50'000, size_t{1} << 20};
constexpr size_t kMaxShards = 1024;
constexpr size_t kMaxModules = 64;

absl::StatusOr<Json> ReadAny(const std::string& path, const JsonLimits& limits) {
  ERATO_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, File::Open(path));
  ERATO_ASSIGN_OR_RETURN(const std::string text, file->ReadAll(limits.max_bytes));
  return ParseJson(text, file->name(), limits);
}

absl::StatusOr<Json> ReadObject(const std::string& path, const JsonLimits& limits) {
  ERATO_ASSIGN_OR_RETURN(Json json, ReadAny(path, limits));
  if (json.is_object()) return json;
  return absl::InvalidArgumentError(Concat("[", path.substr(path.rfind('/') + 1), "] root, got ",
                                           json.type_name(), ", expected an object"));
}

class HuggingFaceFiles final : public StoredTensors {
 public:
  explicit HuggingFaceFiles(FileAccess access) : StoredTensors(access) {}

  absl::Status Open(const std::string& folder) {
    folder_ = folder;
    ERATO_ASSIGN_OR_RETURN(config_, ReadObject(folder + "/config.json", kConfigLimits));
    absl::StatusOr<Json> generation = ReadObject(folder + "/generation_config.json", kConfigLimits);
    if (generation.ok()) {
      generation_config_ = *std::move(generation);
    } else if (!absl::IsNotFound(generation.status())) {
      return generation.status();
    }
    ERATO_RETURN_IF_ERROR(OpenWeights(folder));
    return OpenModules();
  }

  const gguf::Metadata* gguf() const override { return nullptr; }
  const Json* config() const override { return &config_; }
  const Json* generation_config() const override { return &generation_config_; }
  absl::StatusOr<Json> ReadJsonFile(std::string_view folder, std::string_view name) const override {
    for (const std::string_view part : {folder, name}) {
      if (part.empty() || IsBareFileName(part)) continue;
      return absl::InvalidArgumentError(Concat("[model folder] name of a file, got ", Excerpt(part),
                                               ", expected one in the folder"));
    }
    return ReadAny(Concat(folder_, "/", folder, folder.empty() ? "" : "/", name), kConfigLimits);
  }

 private:
  absl::Status OpenWeights(const std::string& folder) {
    absl::StatusOr<Json> index = ReadObject(folder + "/model.safetensors.index.json", kIndexLimits);
    if (index.ok()) return OpenShards(folder, *index);
    if (!absl::IsNotFound(index.status())) return index.status();
    return OpenShard(folder, "model.safetensors", "");
  }

  /// Modules with weights of their own: their tensors are named FOLDER/NAME.
  absl::Status OpenModules() {
    const absl::StatusOr<Json> modules = ReadJsonFile("", "modules.json");
    if (absl::IsNotFound(modules.status())) return absl::OkStatus();
    if (!modules.ok()) return modules.status();
    if (!modules->is_array()) return absl::OkStatus();
    if (modules->size() > kMaxModules) {
      return absl::InvalidArgumentError(Concat("[modules.json] modules, got ", modules->size(),
                                               ", expected at most ", kMaxModules));
    }
    // What is not as it should be is told by whoever reads the modules.
    for (const Json& module : *modules->array()) {
      const Json* path = module.Find("path");
      const std::string* name = path == nullptr ? nullptr : path->string();
      if (name == nullptr || !IsBareFileName(*name)) continue;
      absl::Status opened =
          OpenShard(folder_, Concat(*name, "/model.safetensors"), Concat(*name, "/"));
      if (!opened.ok() && !absl::IsNotFound(opened)) return opened;
    }
    return absl::OkStatus();
  }

  absl::Status OpenShard(const std::string& folder, const std::string& name,
                         const std::string& prefix) {
    ERATO_ASSIGN_OR_RETURN(std::unique_ptr<File> opened, File::Open(Concat(folder, "/", name)));
    ERATO_ASSIGN_OR_RETURN(safetensors::Contents contents, safetensors::Parse(*opened));
    const auto number = static_cast<int>(file_count());
    for (safetensors::TensorInfo& tensor : contents.tensors) {
      if (!tensor.format.has_value()) {
        // Integers and booleans are buffers that a model computes itself; a float that we cannot
        // read is a weight.
        if (!tensor.dtype->is_float) continue;
        return absl::UnimplementedError(Concat("[safetensors ", name, "] tensor ",
                                               Excerpt(tensor.name, 80), ", got ",
                                               tensor.dtype->name, ", expected F32, F16 or BF16"));
      }
      ERATO_RETURN_IF_ERROR(
          AddTensor({Concat(prefix, tensor.name), *tensor.format, std::move(tensor.shape), number,
                     tensor.offset, tensor.bytes}));
    }
    return AddFile(std::move(opened));
  }

  absl::Status OpenShards(const std::string& folder, const Json& index) {
    const Json* map = index.Find("weight_map");
    if (map == nullptr || !map->is_object()) {
      return IndexError("weight_map", map == nullptr ? "none" : map->type_name(), "an object");
    }
    std::map<std::string, int> shards;  // in the order of their names
    for (const auto& [tensor, file] : *map->object()) {
      const std::string* name = file.string();
      if (name == nullptr || !IsBareFileName(*name)) {
        return IndexError(Concat("file of ", Excerpt(tensor, 80)),
                          name == nullptr ? file.type_name() : Excerpt(*name),
                          "the name of a file in the same folder");
      }
      shards.try_emplace(*name, 0);
    }
    if (shards.empty() || shards.size() > kMaxShards) {
      return IndexError("files", Concat(shards.size()), Concat("1 to ", kMaxShards));
    }
    for (auto& [name, number] : shards) {
      number = static_cast<int>(file_count());
      ERATO_RETURN_IF_ERROR(OpenShard(folder, name, ""));
    }
    return absl::OkStatus();
  }

  static absl::Status IndexError(std::string_view what, std::string_view got,
                                 std::string_view expected) {
    return absl::InvalidArgumentError(
        Concat("[model.safetensors.index.json] ", what, ", got ", got, ", expected ", expected));
  }

  std::string folder_;
  Json config_, generation_config_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ModelFiles>> OpenHuggingFaceFolder(const std::string& path,
                                                                  FileAccess access) {
  auto files = std::make_unique<HuggingFaceFiles>(access);
  ERATO_RETURN_IF_ERROR(files->Open(path));
  return std::unique_ptr<ModelFiles>(std::move(files));
}

}  // namespace erato
