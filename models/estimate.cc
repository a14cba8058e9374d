#include "models/estimate.h"

#include <algorithm>
#include <memory>

#include "core/base/status.h"

namespace erato {
namespace {

/// A device that is asked for everything and has nothing: it notes what another would take.
class Estimator final : public Backend {
 public:
  explicit Estimator(const Backend& device) : device_(device) {}
  MemoryEstimate memory() const {
    return {weight_bytes_, activation_bytes_ + device_.ScratchBytes(rows_, cols_, head_)};
  }

  absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor& tensor, WeightUse use) override {
    auto weight = std::make_unique<Weight>();
    weight->rows = use == WeightUse::kVector ? 1 : tensor.rows;
    weight->cols = use == WeightUse::kVector ? tensor.rows * tensor.cols : tensor.cols;
    if (use != WeightUse::kVector) cols_ = std::max(cols_, tensor.cols);
    weight_bytes_ += WeightBytes(tensor, use);
    return weight;
  }
  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t max_rows,
                                                            int64_t cols) override {
    return std::make_unique<NotedActivation>(max_rows, cols, activation_bytes_);
  }
  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec>) override {
    return absl::UnimplementedError("[estimate] cache, got a wish for one, expected none");
  }
  absl::Status Reserve(int64_t max_rows, int64_t max_cols, int64_t max_head) override {
    rows_ = std::max(rows_, max_rows);
    cols_ = std::max(cols_, max_cols);
    head_ = std::max(head_, max_head);
    return absl::OkStatus();
  }
  absl::Status Run(const Program&, const Step&) override { return absl::OkStatus(); }
  void Read(const Activation& from, int64_t, int64_t rows, float* out) const override {
    std::fill_n(out, rows * from.cols, 0.0f);
  }
  int64_t WeightBytes(const HostTensor& tensor, WeightUse use) const override {
    return device_.WeightBytes(tensor, use);
  }
  int64_t ScratchBytes(int64_t max_rows, int64_t max_cols, int64_t max_head) const override {
    return device_.ScratchBytes(max_rows, max_cols, max_head);
  }
  std::string Describe() const override { return device_.Describe(); }

 private:
  /// Some are wanted only while a model is bound.
  struct NotedActivation : Activation {
    NotedActivation(int64_t rows, int64_t columns, int64_t& sum)
        : noted(sum), bytes(rows * columns * int64_t{sizeof(float)}) {
      max_rows = rows;
      cols = columns;
      noted += bytes;
    }
    ~NotedActivation() override { noted -= bytes; }
    int64_t& noted;
    const int64_t bytes;
  };

  const Backend& device_;
  int64_t weight_bytes_ = 0, activation_bytes_ = 0;
  int64_t rows_ = 0, cols_ = 0, head_ = 0;
};

}  // namespace

absl::StatusOr<MemoryEstimate> EstimateMemory(const ModelFiles& files, const Backend& device,
                                              const BindOptions& options, Purpose purpose) {
  ERATO_ASSIGN_OR_RETURN(const ModelSummary summary, Summarise(files, purpose));
  Estimator estimator(device);
  std::unique_ptr<Model> decoder;
  std::unique_ptr<EncoderModel> encoder;
  if (summary.vectors) {
    ERATO_ASSIGN_OR_RETURN(encoder, BindEncoder(files, estimator, options));
  } else {
    ERATO_ASSIGN_OR_RETURN(decoder, BindModel(files, estimator, options));
  }
  return estimator.memory();
}

}  // namespace erato
