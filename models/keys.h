// Hyper-parameters by name, whatever the container: GGUF keys or a Hugging Face config.json. Every
// number is bounded by whoever asks; errors name container, key, what was found and what was
// expected.
#ifndef ERATO_MODELS_KEYS_H_
#define ERATO_MODELS_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/json.h"
#include "core/weights/model_files.h"

namespace erato {

/// One hyper-parameter's names; empty where a container does not have it. A GGUF name that begins
/// with '.' is prefixed with the architecture; '/' in a config name goes into nested objects.
struct Key {
  std::string_view gguf, config;
};

/// A view on the metadata of `files`, which must outlive it.
class Keys {
 public:
  /// Finds the architecture: general.architecture, or model_type. Of a multimodal config (one with
  /// a text_config) this is a view on the text part.
  static absl::StatusOr<Keys> Of(const ModelFiles& files);

  bool is_gguf() const { return files_->gguf() != nullptr; }
  const std::string& architecture() const { return architecture_; }
  const ModelFiles& files() const { return *files_; }

  /// The value, null where it is absent or JSON's null.
  Json Find(const Key& key) const;
  bool Has(const Key& key) const { return !Find(key).is_null(); }

  /// INVALID_ARGUMENT where the key is absent and has no default, of another type, or out of
  /// bounds.
  absl::StatusOr<int64_t> Int(const Key& key, int64_t low, int64_t high,
                              std::optional<int64_t> otherwise = std::nullopt) const;
  absl::StatusOr<double> Float(const Key& key, double low, double high,
                               std::optional<double> otherwise = std::nullopt) const;
  absl::StatusOr<bool> Bool(const Key& key, bool otherwise) const;
  absl::StatusOr<std::string> String(const Key& key, std::string_view otherwise) const;
  /// A list of exactly `count` strings or booleans; nullopt where it is absent.
  absl::StatusOr<std::optional<std::vector<std::string>>> Strings(const Key& key,
                                                                  int64_t count) const;
  absl::StatusOr<std::optional<std::vector<bool>>> Bools(const Key& key, int64_t count) const;

  /// "[gguf metadata] llama.block_count, got …, expected …" or "[config.json] num_hidden_layers,
  /// …".
  absl::Status Error(const Key& key, const Json& got, std::string_view expected) const;

 private:
  std::string NameOf(const Key& key) const;
  const ModelFiles* files_ = nullptr;
  const Json* config_ = nullptr;  // the object that holds the keys; null for GGUF
  std::string architecture_;
};

/// At most 40 bytes of a value as text, for messages.
std::string Brief(const Json& value);

}  // namespace erato

#endif  // ERATO_MODELS_KEYS_H_
