#include <algorithm>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
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

/// Decodes all of `tensor` into out[rows, cols], one stored row after the other.
absl::Status Decode(const HostTensor& tensor, float* out) {
  const FormatInfo& format = InfoOf(tensor.format);
  std::vector<uint8_t> room(tensor.BytesOfRows(1));
  std::vector<float> column(tensor.transposed ? tensor.rows : 0);
  for (int64_t i = 0; i < tensor.stored_rows(); ++i) {
    ERATO_ASSIGN_OR_RETURN(const uint8_t* stored, tensor.Rows(i, 1, room.data()));
    if (!tensor.transposed) {
      format.decode(stored, tensor.cols, &out[i * tensor.cols]);
      continue;
    }
    format.decode(stored, tensor.rows, column.data());
    for (int64_t r = 0; r < tensor.rows; ++r) out[r * tensor.cols + i] = column[r];
  }
  return absl::OkStatus();
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
    auto w = std::make_unique<RefWeight>();
    ERATO_ASSIGN_OR_RETURN(w->values, NewFloats(tensor.rows * tensor.cols, "weight"));
    w->rows = tensor.rows;
    w->cols = tensor.cols;
    w->bytes = w->values.bytes();
    ERATO_RETURN_IF_ERROR(Decode(tensor, w->values.as<float>()));
    return w;
  }

  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t max_rows,
                                                            int64_t cols) override {
    if (auto s = CheckShape("activation", max_rows, cols); !s.ok()) return s;
    auto a = std::make_unique<RefActivation>();
    ERATO_ASSIGN_OR_RETURN(a->values, NewFloats(max_rows * cols, "activation"));
    a->max_rows = max_rows;
    a->cols = cols;
    return a;
  }

  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec> layers) override {
    return std::make_unique<RefKvPool>(layers);
  }

  absl::Status Reserve(int64_t max_rows, int64_t max_cols, int64_t) override {
    if (auto s = CheckShape("scratch", max_rows, max_cols); !s.ok()) return s;
    const int64_t rows = std::max(rows_, max_rows), cols = std::max(scratch_.cols, max_cols);
    Scratch next;
    for (Buffer* buffer : {&next.normed, &next.first, &next.second}) {
      ERATO_ASSIGN_OR_RETURN(*buffer, NewFloats(rows * cols, "scratch"));
    }
    next.cols = cols;
    scratch_ = std::move(next);
    rows_ = rows;
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
      return absl::ResourceExhaustedError(
          absl::StrCat("[memory] scores, got none, expected room for ", last));
    }
    RefOps ops(scratch_);
    program.Forward(ops, step);
    if (ops.Stopped(step)) return absl::CancelledError("[ref] run, got a stop, expected its end");
    return absl::OkStatus();
  }

  void Read(const Activation& from, int64_t row, int64_t rows, float* out) const override {
    std::copy_n(AsRef(from).row(row), rows * from.cols, out);
  }

  int64_t WeightBytes(const HostTensor& tensor, WeightUse) const override {
    return tensor.rows * tensor.cols * int64_t{sizeof(float)};
  }
  int64_t ScratchBytes(int64_t max_rows, int64_t max_cols, int64_t) const override {
    return 3 * max_rows * max_cols * int64_t{sizeof(float)};
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
