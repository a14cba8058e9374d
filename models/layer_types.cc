#include "models/layer_types.h"

#include <string>

#include "core/base/status.h"

namespace erato {

absl::StatusOr<std::optional<std::vector<bool>>> ReadLayerTypes(const Keys& keys, int64_t layers) {
  const Key key = {"", "layer_types"};
  ERATO_ASSIGN_OR_RETURN(const auto types, keys.Strings(key, layers));
  if (!types) return std::nullopt;
  std::vector<bool> sliding;
  for (const std::string& type : *types) {
    if (type != "sliding_attention" && type != "full_attention") {
      return keys.Error(key, type, "sliding_attention or full_attention");
    }
    sliding.push_back(type == "sliding_attention");
  }
  return sliding;
}

absl::Status ReadUpperWindow(const Keys& keys, DecoderSpec& spec) {
  const auto layers = static_cast<int64_t>(spec.layers.size());
  ERATO_ASSIGN_OR_RETURN(const auto types, ReadLayerTypes(keys, layers));
  ERATO_ASSIGN_OR_RETURN(const bool use, keys.Bool({"", "use_sliding_window"}, false));
  ERATO_ASSIGN_OR_RETURN(const int64_t window,
                         keys.Int({"", "sliding_window"}, 1, INT32_MAX, 4096));
  ERATO_ASSIGN_OR_RETURN(const int64_t first,
                         keys.Int({"", "max_window_layers"}, 0, INT32_MAX, 28));
  for (int64_t i = 0; use && i < layers; ++i) {
    if (types ? (*types)[i] : i >= first) {
      spec.layers[i].token_mixer.window = static_cast<int32_t>(window);
    }
  }
  return absl::OkStatus();
}

}  // namespace erato
