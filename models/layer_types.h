// Which layers look back a window and which at everything.
#ifndef ERATO_MODELS_LAYER_TYPES_H_
#define ERATO_MODELS_LAYER_TYPES_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "models/decoder_spec.h"
#include "models/keys.h"

namespace erato {

/// config's layer_types as "is sliding" a layer; nullopt where there is no such list.
absl::StatusOr<std::optional<std::vector<bool>>> ReadLayerTypes(const Keys& keys, int64_t layers);

/// Qwen's rule: with use_sliding_window, layers from max_window_layers on (or those that
/// layer_types names) have the window.
absl::Status ReadUpperWindow(const Keys& keys, DecoderSpec& spec);

}  // namespace erato

#endif  // ERATO_MODELS_LAYER_TYPES_H_
