// What encoders share in their metadata: sizes, what the model is for, and how
// sentence-transformers says that vectors are made.
#ifndef ERATO_MODELS_ENCODER_KEYS_H_
#define ERATO_MODELS_ENCODER_KEYS_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "models/encoder_spec.h"
#include "models/hyper.h"
#include "models/keys.h"

namespace erato {

/// The names that BERT's descendants share: `hidden_size`, …, `layer_norm_eps`; GGUF's are the
/// usual ones.
DecoderKeys BertKeys();
/// BERT's tensors: Hugging Face's under the roots `root` and "", or GGUF's.
EncoderNames BertNames(const Keys& keys, std::string_view root);

/// A spec with sizes, norm and alike layers: layer norms after additions, biases everywhere, plain
/// feed-forwards with the activation of `act_key`, no positions or segments.
absl::StatusOr<EncoderSpec> ReadEncoder(const Keys& keys, const DecoderKeys& names,
                                        std::string_view act_key = "hidden_act");
/// `type_vocab_size` and, where `positions`, max_position_embeddings rows of learned positions, the
/// first `offset` of which are no position's.
absl::Status ReadTables(const Keys& keys, bool positions, int32_t offset, EncoderSpec& spec);

/// What may stand on an encoder: for whole sequences and for single rows.
struct LabelHeads {
  std::vector<DenseSpec> sequence, token;
  Pooling pooling = Pooling::kFirst;
  bool late = false;
};
/// A family's usual two: first row → dense → act → labels, and row → "classifier".
LabelHeads HeadsOf(DenseSpec dense, std::string_view labels);

/// What the model is for: by `architectures` and `id2label` of a config; GGUF has vectors only.
/// What vectors are: modules.json and the folder of its pooling, or pooling_type. The tensors of
/// heads that are not run become unused.
absl::Status ReadPurpose(const Keys& keys, const LabelHeads& heads, EncoderPlan& plan);

/// An error where a key is true.
absl::Status RefuseFlags(const Keys& keys, const std::vector<const char*>& names);

}  // namespace erato

#endif  // ERATO_MODELS_ENCODER_KEYS_H_
