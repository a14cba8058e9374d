#include <algorithm>
#include <limits>
#include <new>

#include "absl/strings/str_cat.h"
#include "core/ref/phases.h"
#include "core/ref/ref.h"
#include "core/ref/storage.h"

namespace erato {
namespace ref {
namespace {

constexpr int64_t kMaxValues = int64_t{1} << 40;  // of one tensor: keeps products of sizes in range

absl::Status CheckShape(const char* what, int64_t rows, int64_t cols) {
  if (rows > 0 && cols > 0 && rows <= kMaxValues / cols) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("[ref] ", what, ", got [", rows, ", ", cols,
                   "], expected positive sizes of at most 2^40 values"));
}

absl::Status TooLarge(const char* what, int64_t rows, int64_t cols) {
  return absl::ResourceExhaustedError(absl::StrCat("[ref] ", what, " [", rows, ", ", cols,
                                                   "], got too little memory, expected ",
                                                   rows * cols * int64_t{sizeof(float)}, " bytes"));
}

/// Decodes all of `tensor` into out[rows, cols].
void Decode(const HostTensor& tensor, std::vector<float>& out) {
  const FormatInfo& format = InfoOf(tensor.format);
  if (!tensor.transposed) {
    for (int64_t r = 0; r < tensor.rows; ++r) {
      format.decode(tensor.data + r * tensor.row_bytes, tensor.cols, &out[r * tensor.cols]);
    }
    return;
  }
  std::vector<float> stored(tensor.rows);
  for (int64_t c = 0; c < tensor.cols; ++c) {
    format.decode(tensor.data + c * tensor.row_bytes, tensor.rows, stored.data());
    for (int64_t r = 0; r < tensor.rows; ++r) out[r * tensor.cols + c] = stored[r];
  }
}

class RefBackend final : public Backend {
 public:
  absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor& tensor, WeightUse) override {
    if (auto s = CheckShape("weight", tensor.rows, tensor.cols); !s.ok()) return s;
    const int block = InfoOf(tensor.format).block_values;
    if (tensor.cols % block != 0 || (tensor.transposed && block != 1)) {
      return absl::InvalidArgumentError(absl::StrCat("[ref] columns of a weight, got ", tensor.cols,
                                                     ", expected whole blocks of ", block));
    }
    try {
      auto w = std::make_unique<RefWeight>();
      w->values.resize(tensor.rows * tensor.cols);
      w->rows = tensor.rows;
      w->cols = tensor.cols;
      w->bytes = w->values.size() * sizeof(float);
      Decode(tensor, w->values);
      return w;
    } catch (const std::bad_alloc&) {
      return TooLarge("weight", tensor.rows, tensor.cols);
    }
  }

  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t max_rows,
                                                            int64_t cols) override {
    if (auto s = CheckShape("activation", max_rows, cols); !s.ok()) return s;
    try {
      auto a = std::make_unique<RefActivation>();
      a->values.assign(max_rows * cols, std::numeric_limits<float>::quiet_NaN());
      a->max_rows = max_rows;
      a->cols = cols;
      return a;
    } catch (const std::bad_alloc&) {
      return TooLarge("activation", max_rows, cols);
    }
  }

  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec> layers) override {
    return std::make_unique<RefKvPool>(layers);
  }

  absl::Status Reserve(int64_t max_rows, int64_t max_cols, int64_t) override {
    if (auto s = CheckShape("scratch", max_rows, max_cols); !s.ok()) return s;
    rows_ = std::max(rows_, max_rows);
    scratch_.cols = std::max(scratch_.cols, max_cols);
    try {
      for (auto* v : {&scratch_.normed, &scratch_.first, &scratch_.second}) {
        v->resize(rows_ * scratch_.cols);
      }
    } catch (const std::bad_alloc&) {
      return TooLarge("scratch", rows_, scratch_.cols);
    }
    return absl::OkStatus();
  }

  // Scores are reserved for what this step needs: a context may be far longer than any text that
  // comes.
  absl::Status Run(const Program& program, const Step& step) override {
    int32_t last = 0;
    for (int32_t p : step.positions) last = std::max(last, p);
    try {
      if (scratch_.scores.size() <= static_cast<size_t>(last)) scratch_.scores.resize(last + 256);
    } catch (const std::bad_alloc&) {
      return TooLarge("scores", 1, last);
    }
    RefOps ops(scratch_);
    program.Forward(ops, step);
    if (ops.Stopped(step)) return absl::CancelledError("[ref] run, got a stop, expected its end");
    return absl::OkStatus();
  }

  void Read(const Activation& from, int64_t row, int64_t rows, float* out) const override {
    std::copy_n(AsRef(from).row(row), rows * from.cols, out);
  }

  std::string Describe() const override { return "ref, 1 thread"; }

 private:
  int64_t rows_ = 0;
  Scratch scratch_;
};

}  // namespace
}  // namespace ref

absl::StatusOr<std::unique_ptr<Backend>> NewRefBackend() {
  return std::make_unique<ref::RefBackend>();
}

}  // namespace erato
