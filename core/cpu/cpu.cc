#include "core/cpu/cpu.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "absl/strings/str_cat.h"
#include "core/cpu/kv_pool.h"
#include "core/cpu/scratch.h"
#include "core/cpu/team.h"
#include "core/cpu/weight.h"
#include "core/cpu/worker.h"

namespace erato::cpu {
namespace {

constexpr int kMaxThreads = 256;
constexpr int64_t kMaxValues = int64_t{1} << 46;

absl::Status Short(const char* what) {
  return absl::ResourceExhaustedError(absl::StrCat("[memory] ", what, ", got none, expected some"));
}

absl::Status CheckShape(const char* what, int64_t rows, int64_t cols) {
  if (rows > 0 && cols > 0 && rows <= kMaxValues / cols) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("[cpu] shape of ", what, ", got ", rows, " x ", cols,
                   ", expected positive sizes of at most 2^46 values"));
}

struct Walk {
  const Program& program;
  Shared& shared;
};

class CpuBackend final : public Backend {
 public:
  CpuBackend(const Kernels& kernels, int threads) : kernels_(kernels), team_(threads) {}

  absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor& tensor, WeightUse use) override {
    if (absl::Status s = CheckShape("weight", tensor.rows, tensor.cols); !s.ok()) return s;
    const int block = InfoOf(tensor.format).block_values;
    if (tensor.cols % block != 0 || (tensor.transposed && block != 1)) {
      return absl::InvalidArgumentError(absl::StrCat("[cpu] columns of a weight, got ", tensor.cols,
                                                     ", expected whole blocks of ", block));
    }
    try {
      auto weight =
          use == WeightUse::kVector ? PackVector(tensor) : PackMatrix(tensor, kernels_, team_);
      if (!weight.ok()) return weight.status();
      if (use != WeightUse::kVector) widest_ = std::max(widest_, (*weight)->cols);
      return std::unique_ptr<Weight>(*std::move(weight));
    } catch (const std::bad_alloc&) {
      return Short("weight");
    }
  }

  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t max_rows,
                                                            int64_t cols) override {
    if (absl::Status s = CheckShape("activation", max_rows, cols); !s.ok()) return s;
    absl::StatusOr<Buffer> memory = Buffer::Make(
        static_cast<size_t>(max_rows) * static_cast<size_t>(cols) * sizeof(float), "activation");
    if (!memory.ok()) return memory.status();
    auto activation = std::make_unique<CpuActivation>();
    activation->max_rows = max_rows;
    activation->cols = cols;
    activation->memory = *std::move(memory);
    return std::unique_ptr<Activation>(std::move(activation));
  }

  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec> layers) override {
    for (const KvLayerSpec& layer : layers) {
      if (layer.kv_heads > 0 && layer.k_width > 0 && layer.v_width > 0) continue;
      return absl::InvalidArgumentError(absl::StrCat("[cpu] attention cache, got ", layer.kv_heads,
                                                     " heads of ", layer.k_width, " and ",
                                                     layer.v_width, ", expected positive"));
    }
    return std::unique_ptr<KvPool>(std::make_unique<CpuKvPool>(layers));
  }

  absl::Status Reserve(int64_t max_rows, int64_t max_cols, int64_t max_head) override {
    if (absl::Status s = CheckShape("scratch", max_rows, max_cols); !s.ok()) return s;
    const int64_t rows = std::max(max_rows, scratch_.rows),
                  cols = std::max({max_cols, widest_, scratch_.cols}),
                  head = std::max(max_head, scratch_.head);
    if (rows <= scratch_.rows && cols <= scratch_.cols && head <= scratch_.head) {
      return absl::OkStatus();
    }
    try {
      return scratch_.Reserve(rows, cols, head, team_.wanted(), kernels_);
    } catch (const std::bad_alloc&) {
      return Short("scratch");
    }
  }

  absl::Status Run(const Program& program, const Step& step) override {
    if (step.rows() > scratch_.rows || widest_ > scratch_.cols ||
        static_cast<int64_t>(step.logit_rows.size()) > scratch_.rows) {
      return absl::FailedPreconditionError(absl::StrCat(
          "[cpu] step, got ", step.rows(), " rows of ", widest_, " columns, expected at most ",
          scratch_.rows, " of ", scratch_.cols, ", which were reserved"));
    }
    Shared shared{kernels_, team_, scratch_, step};
    Walk walk{program, shared};
    team_.Run(
        [](void* argument, int index) {
          Walk& walk = *static_cast<Walk*>(argument);
          Worker worker(walk.shared, index);
          walk.program.Forward(worker, walk.shared.step);
        },
        &walk);
    if (shared.stopped || (step.stop != nullptr && step.stop->load(std::memory_order_relaxed))) {
      return absl::CancelledError("[cpu] run, got a request to stop, expected to finish");
    }
    return absl::OkStatus();
  }

  void Read(const Activation& from, int64_t row, int64_t rows, float* out) const override {
    std::memcpy(out, AsCpu(from).row(row), static_cast<size_t>(rows * from.cols) * sizeof(float));
  }

  int64_t WeightBytes(const HostTensor& tensor, WeightUse use) const override {
    return static_cast<int64_t>(use == WeightUse::kVector ? VectorBytes(tensor)
                                                          : MatrixBytes(tensor, kernels_));
  }

  int64_t ScratchBytes(int64_t max_rows, int64_t max_cols, int64_t max_head) const override {
    return static_cast<int64_t>(
        Scratch::Bytes(max_rows, max_cols, max_head, team_.wanted(), kernels_));
  }

  std::string Describe() const override {
    return absl::StrCat("cpu ", kernels_.name, ", ", team_.wanted(),
                        team_.wanted() == 1 ? " thread" : " threads");
  }

 private:
  const Kernels& kernels_;
  Team team_;
  Scratch scratch_;
  int64_t widest_ = 0;
};

}  // namespace

std::unique_ptr<Backend> NewCpuBackend(const Kernels& kernels, int threads) {
  return std::make_unique<CpuBackend>(kernels, std::max(1, threads));
}

absl::StatusOr<std::unique_ptr<Backend>> NewCpuBackend(const CpuOptions& options) {
  if (options.threads < 0 || options.threads > kMaxThreads) {
    return absl::InvalidArgumentError(
        absl::StrCat("[cpu] threads, got ", options.threads, ", expected 0 to ", kMaxThreads));
  }
  absl::StatusOr<const Kernels*> kernels = ChooseKernels(options.isa);
  if (!kernels.ok()) return kernels.status();
  return NewCpuBackend(
      **kernels, options.threads > 0 ? options.threads : std::min(UsableCores(), kMaxThreads));
}

}  // namespace erato::cpu
