// The hyper-parameters that every decoder has, read under a family's names for them, bounded and
// held against each other.
#ifndef ERATO_MODELS_HYPER_H_
#define ERATO_MODELS_HYPER_H_

#include <optional>

#include "absl/status/statusor.h"
#include "models/decoder_spec.h"
#include "models/keys.h"

namespace erato {

/// A key and what its absence means; nullopt = an error.
struct IntKey {
  Key key;
  std::optional<int64_t> otherwise;
};

/// The names that Llama's descendants share. A family changes what differs.
struct DecoderKeys {
  IntKey layers = {{".block_count", "num_hidden_layers"}, {}};
  IntKey width = {{".embedding_length", "hidden_size"}, {}};
  IntKey context = {{".context_length", "max_position_embeddings"}, {}};
  IntKey heads = {{".attention.head_count", "num_attention_heads"}, {}};
  IntKey kv_heads = {{".attention.head_count_kv", "num_key_value_heads"}, {}};  // absent = heads
  IntKey head_width = {{".attention.key_length", "head_dim"}, {}};  // absent = width / heads
  IntKey feed_forward = {{".feed_forward_length", "intermediate_size"}, {}};
  IntKey vocabulary = {{".vocab_size", "vocab_size"}, {}};  // absent in GGUF = the embedding's rows
  Key eps = {".attention.layer_norm_rms_epsilon", "rms_norm_eps"};
  double eps_otherwise = 1e-6;
};

/// Fills sizes, norm.eps and alike layers (scale = 1/sqrt(E)); all else has the spec's defaults.
/// Ropes are the caller's. `embed`: the GGUF name of the embedding table.
absl::StatusOr<DecoderSpec> ReadDecoder(const Keys& keys, const DecoderKeys& names);

/// "silu", "gelu_pytorch_tanh", …; GGUF has no such key: `otherwise`.
absl::StatusOr<Activate> ReadActivation(const Keys& keys, std::string_view config_name,
                                        Activate otherwise);

/// An error where the file asks for experts, which the family does not have.
absl::Status RefuseExperts(const Keys& keys);

}  // namespace erato

#endif  // ERATO_MODELS_HYPER_H_
