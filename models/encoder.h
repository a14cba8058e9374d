// The forward pass that encoder families share.
#ifndef ERATO_MODELS_ENCODER_H_
#define ERATO_MODELS_ENCODER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/engine/model.h"
#include "models/encoder_spec.h"
#include "models/encoder_weights.h"
#include "models/registry.h"

namespace erato {

class Encoder final : public EncoderModel {
 public:
  /// Checks every tensor of `files` against the plan, uploads the weights and makes room for steps
  /// of options.max_rows rows. `backend` must outlive the encoder.
  static absl::StatusOr<std::unique_ptr<Encoder>> Bind(const EncoderPlan& plan,
                                                       const ModelFiles& files, Backend& backend,
                                                       const BindOptions& options);

  int32_t vocabulary() const override { return spec_.vocabulary; }
  int32_t context_length() const override { return spec_.context_length; }
  int32_t segments() const override { return std::max(1, spec_.embed.segments); }
  int32_t width() const override {
    const auto& dense = spec_.vectors.dense;
    return dense.empty() ? spec_.width : dense.back().width;
  }
  int32_t row_width() const override { return spec_.width; }
  int32_t labels() const override { return static_cast<int32_t>(spec_.labels.names.size()); }
  bool labels_tokens() const override { return spec_.labels.of == LabelSpec::Of::kToken; }
  LabelMeaning label_meaning() const override { return spec_.labels.meaning; }
  Pooling pooling() const override { return spec_.vectors.pooling; }
  bool normalises() const override { return spec_.vectors.normalise; }
  absl::Status Reserve(int32_t rows) override;
  int32_t max_rows() const override { return max_rows_; }
  const Program& Embedding(Pooling pooling) const override {
    return vector_programs_[static_cast<size_t>(pooling)];
  }
  const Program* Labelling() const override { return labels() > 0 ? &label_program_ : nullptr; }
  const Activation& vectors(Pooling pooling) const override {
    const auto& dense = work_.vector_dense;
    return pooling == Pooling::kNone || dense.empty() ? *work_.vectors : *dense.back();
  }
  const Activation& label_scores() const override { return *work_.label_dense.back(); }

 private:
  struct VectorProgram final : Program {
    const Encoder* of = nullptr;
    Pooling pooling = Pooling::kNone;
    void Forward(Ops& ops, const Step& step) const override { of->Vectors(ops, step, pooling); }
  };
  struct LabelProgram final : Program {
    const Encoder* of = nullptr;
    void Forward(Ops& ops, const Step& step) const override { of->Labels(ops, step); }
  };
  struct PositionProgram;

  /// What a step works in. x: the residual stream [T, D]; e: embeddings that are narrower; q, k, v:
  /// [T, H·E], [T, G·E]; o: what attention found; h: inside the feed-forward; vectors [T, D]: what
  /// is pooled; vector_dense, label_dense: what each dense layer leaves, and last the labels of
  /// sequences that were labelled by rows.
  struct Work {
    std::unique_ptr<Activation> x, e, q, k, v, o, h, vectors;
    std::vector<std::unique_ptr<Activation>> vector_dense, label_dense;
  };

  Encoder();
  absl::Status ProjectPositions();
  const RelativePositions* RelativeOf(size_t layer) const;
  absl::Status ReserveDense(const std::vector<DenseLayer>& layers, int32_t rows, int64_t& widest,
                            std::vector<std::unique_ptr<Activation>>& made) const;
  void Layers(Ops& ops, const Step& step) const;
  void Pool(Ops& ops, const Step& step, Pooling pooling) const;
  void Dense(Ops& ops, const Step& step, const std::vector<DenseSpec>& specs,
             const std::vector<DenseLayer>& layers,
             const std::vector<std::unique_ptr<Activation>>& to, bool pooled) const;
  void Vectors(Ops& ops, const Step& step, Pooling pooling) const;
  void Labels(Ops& ops, const Step& step) const;

  Backend* backend_ = nullptr;
  EncoderSpec spec_;
  EncoderWeights weights_;
  std::vector<Rope> ropes_;
  // Of every layer where they differ (DeBERTa), one for all (MPNet), or none.
  std::vector<RelativePositions> relative_;
  std::vector<std::unique_ptr<Activation>> positions_;  // that relative_ points at
  int32_t max_rows_ = 0;
  Work work_;
  VectorProgram vector_programs_[5];
  LabelProgram label_program_;
};

}  // namespace erato

#endif  // ERATO_MODELS_ENCODER_H_
