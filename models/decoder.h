// The forward pass that decoder-only families share.
#ifndef ERATO_MODELS_DECODER_H_
#define ERATO_MODELS_DECODER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/engine/model.h"
#include "models/decoder_spec.h"
#include "models/decoder_weights.h"
#include "models/registry.h"

namespace erato {

/// Whether keys and values are kept in float32: where weights are.
bool KeepsWide(const ModelFiles& files);

class Decoder final : public Model {
 public:
  /// Checks every tensor of `files` against the plan, uploads the weights and reserves all that a
  /// step needs. `backend` must outlive the decoder.
  static absl::StatusOr<std::unique_ptr<Decoder>> Bind(const DecoderPlan& plan,
                                                       const ModelFiles& files, Backend& backend,
                                                       const BindOptions& options);

  void Forward(Ops& ops, const Step& step) const override;

  int32_t vocabulary() const override { return spec_.vocabulary; }
  int32_t context_length() const override { return context_length_; }
  int32_t max_rows() const override { return max_rows_; }
  int32_t max_logit_rows() const override { return max_logit_rows_; }
  absl::Span<const KvLayerSpec> kv_layers() const override { return kv_layers_; }
  const Activation& logits() const override { return *logits_; }

 private:
  Decoder() = default;
  absl::Status Reserve(Backend& backend);

  DecoderSpec spec_;
  DecoderWeights weights_;
  std::vector<Rope> ropes_;
  std::vector<KvLayerSpec> kv_layers_;
  int32_t context_length_ = 0, max_rows_ = 0, max_logit_rows_ = 0;
  // x: the residual stream [T, D]; q: queries [T, H·E]; o: what attention found [T, H·E]; h: inside
  // the feed-forward [T, F].
  std::unique_ptr<Activation> x_, q_, o_, h_, logits_;
};

}  // namespace erato

#endif  // ERATO_MODELS_DECODER_H_
