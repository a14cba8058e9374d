// Uploads: matrices are packed by the whole team, and read while they are.
#include "core/cpu/weight.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <vector>

#include "core/base/half.h"
#include "core/base/status.h"
#include "core/cpu/packer.h"

namespace erato::cpu {
namespace {

/// Packs all stretches with the whole team.
struct PackJob {
  struct Part {
    std::unique_ptr<Packer> packer;
    absl::Status status;
    std::exception_ptr thrown = nullptr;  // no exception leaves a thread of the team
  };
  std::vector<Part> parts;  // one a worker
  Team& team;
  int64_t stretches;
  std::atomic<bool> failed{false};

  absl::Status Run() {
    team.Run([](void* self, int worker) { static_cast<PackJob*>(self)->Work(worker); }, this);
    for (const Part& part : parts) {
      if (part.thrown != nullptr) std::rethrow_exception(part.thrown);
      ERATO_RETURN_IF_ERROR(part.status);
    }
    return absl::OkStatus();
  }

 private:
  void Work(int worker) {
    Part& part = parts[static_cast<size_t>(worker)];
    try {
      for (int64_t i; !failed && part.status.ok() && (i = team.Take()) < stretches;) {
        part.status = part.packer->Stretch(i);
      }
    } catch (...) {
      part.thrown = std::current_exception();
    }
    if (!part.status.ok() || part.thrown != nullptr) failed = true;
  }
};

/// Strips that are read at a time: enough to make a read worth its call, few enough for all workers
/// to have a share.
int64_t StretchStrips(const HostTensor& tensor, const Matrix& m, int workers) {
  constexpr int64_t kStretchBytes = 64 << 10;
  const int64_t strip_bytes = m.strip_rows * static_cast<int64_t>(tensor.row_bytes);
  return std::max<int64_t>(1, std::min(kStretchBytes / strip_bytes, m.strips / (4 * workers)));
}

/// Packs all of `m` into the weight's memory. The unit in which scales would lose nothing; that of
/// `m` where they have not.
absl::StatusOr<float> Pack(const HostTensor& tensor, const Kernels& kernels, const CellPlan& plan,
                           const Matrix& m, const CpuWeight& weight, Team& team) {
  const int64_t strips = StretchStrips(tensor, m, team.wanted());
  PackJob job{{}, team, (m.strips + strips - 1) / strips};
  for (int i = 0; i < team.wanted(); i++) {
    auto packer = std::make_unique<Packer>(tensor, kernels, plan, m, strips, weight.memory.data());
    job.parts.push_back({std::move(packer), absl::OkStatus()});
  }
  ERATO_RETURN_IF_ERROR(job.Run());
  float greatest = 0;
  bool lossy = false;
  for (const PackJob::Part& part : job.parts) {
    greatest = std::fmax(greatest, part.packer->greatest());
    lossy = lossy || part.packer->lossy();
  }
  if (!lossy || !std::isfinite(greatest) || greatest == 0) return m.unit;
  const float unit = std::ldexp(1.0f, std::ilogb(greatest) - 14);
  return std::isnormal(unit) ? unit : m.unit;
}

CellPlan PlanOf(const HostTensor& tensor, const Kernels& kernels) {
  const CellPlan plan = PlanOf(InfoOf(tensor.format), kernels);
  // Rounded activations come in blocks of 32 columns.
  return plan.cell <= Cell::kInt8 && tensor.cols % 32 != 0 ? CellPlan{} : plan;
}

Matrix LayOut(const HostTensor& tensor, const Kernels& kernels, const CellPlan& plan) {
  Matrix m = {};
  m.rows = tensor.rows;
  m.cols = tensor.cols;
  m.strip_rows = kernels.strip_rows;
  m.strips = (m.rows + m.strip_rows - 1) / m.strip_rows;
  m.cell = plan.cell;
  m.has_min = plan.has_min;
  m.unit = 1;
  const size_t rows = static_cast<size_t>(m.strip_rows), cols = static_cast<size_t>(m.cols);
  if (plan.cell == Cell::kInt4 || plan.cell == Cell::kInt8) {
    m.group = InfoOf(tensor.format).integer.group;
    const size_t group = static_cast<size_t>(m.group);
    m.group_bytes = rows * (group * CellBits(m.cell) / 8 + (m.has_min ? 4 : 2));
    m.strip_bytes = cols / group * m.group_bytes;
  } else {
    m.strip_bytes =
        rows * (m.cell == Cell::kBf16Pairs ? RoundUp(cols, 2) : cols) * CellBits(m.cell) / 8;
  }
  return m;
}

size_t MatrixBytes(const Matrix& m) { return m.strip_bytes * static_cast<size_t>(m.strips); }

}  // namespace

size_t VectorBytes(const HostTensor& tensor) {
  return static_cast<size_t>(tensor.rows * tensor.cols) * sizeof(float);
}

size_t MatrixBytes(const HostTensor& tensor, const Kernels& kernels) {
  return MatrixBytes(LayOut(tensor, kernels, PlanOf(tensor, kernels)));
}

absl::StatusOr<std::unique_ptr<CpuWeight>> PackVector(const HostTensor& tensor) {
  const int64_t n = tensor.rows * tensor.cols;
  auto weight = std::make_unique<CpuWeight>();
  ERATO_ASSIGN_OR_RETURN(weight->memory, Buffer::Make(VectorBytes(tensor), "vector"));
  float* out = weight->memory.as<float>();
  const FormatInfo& info = InfoOf(tensor.format);
  std::vector<uint8_t> room(tensor.BytesOfRows(1));
  for (int64_t r = 0; r < tensor.rows; r++) {
    ERATO_ASSIGN_OR_RETURN(const uint8_t* stored, tensor.Rows(r, 1, room.data()));
    info.decode(stored, tensor.cols, out + r * tensor.cols);
  }
  weight->rows = 1;
  weight->cols = n;
  weight->bytes = weight->memory.bytes();
  weight->vector = out;
  return weight;
}

absl::StatusOr<std::unique_ptr<CpuWeight>> PackMatrix(const HostTensor& tensor,
                                                      const Kernels& kernels, Team& team) {
  // Every strip of a transposed tensor takes a part of every stored row.
  HostTensor source = tensor;
  Buffer whole;
  if (tensor.transposed && tensor.data == nullptr) {
    ERATO_ASSIGN_OR_RETURN(whole, Buffer::Make(tensor.BytesOfRows(tensor.cols), "tensor"));
    ERATO_ASSIGN_OR_RETURN(source.data, tensor.Rows(0, tensor.cols, whole.data()));
  }
  const CellPlan plan = PlanOf(tensor, kernels);
  Matrix m = LayOut(tensor, kernels, plan);
  auto weight = std::make_unique<CpuWeight>();
  ERATO_ASSIGN_OR_RETURN(weight->memory, Buffer::Make(MatrixBytes(m), "weights"));
  m.data = weight->memory.data();
  ERATO_ASSIGN_OR_RETURN(const float unit, Pack(source, kernels, plan, m, *weight, team));
  if (unit != 1) {
    m.unit = unit;
    ERATO_RETURN_IF_ERROR(Pack(source, kernels, plan, m, *weight, team).status());
  }
  weight->matrix = m;
  weight->rows = m.rows;
  weight->cols = m.cols;
  weight->bytes = weight->memory.bytes();
  return weight;
}

void CpuWeight::ReadRow(int64_t row, bool unsigned_bytes, float* out) const {
  const Matrix& m = matrix;
  const uint8_t* strip = m.data + static_cast<size_t>(row / m.strip_rows) * m.strip_bytes;
  const int64_t r = row % m.strip_rows, width = m.strip_rows;
  if (form() != Form::kRounded) {
    for (int64_t k = 0; k < m.cols; k++) {
      const int64_t at = m.cell == Cell::kBf16Pairs ? PairAt(k, r, width) : k * width + r;
      const uint16_t* halves = reinterpret_cast<const uint16_t*>(strip);
      out[k] = m.cell == Cell::kF32   ? reinterpret_cast<const float*>(strip)[at]
               : m.cell == Cell::kF16 ? HalfToFloat(halves[at])
                                      : Bf16ToFloat(halves[at]);
    }
    return;
  }
  const bool nibbles = m.cell == Cell::kInt4;
  const int offset = m.has_min ? 0 : nibbles ? 8 : unsigned_bytes ? 128 : 0;
  for (int64_t k = 0; k < m.cols; k++) {
    const int64_t in_group = k % m.group, step = in_group / 4;
    const uint8_t* group = strip + static_cast<size_t>(k / m.group) * m.group_bytes;
    const uint8_t byte = group[(nibbles ? step / 2 : step) * 4 * width + r * 4 + in_group % 4];
    const uint16_t* scales = reinterpret_cast<const uint16_t*>(
        group + m.group * width * static_cast<int64_t>(CellBits(m.cell)) / 8);
    int q = byte;
    if (nibbles) q = step % 2 == 0 ? byte & 15 : byte >> 4;
    if (!nibbles && !m.has_min && !unsigned_bytes) q = byte < 128 ? byte : byte - 256;
    const float w = HalfToFloat(scales[r]) * static_cast<float>(q - offset) +
                    (m.has_min ? HalfToFloat(scales[width + r]) : 0);
    out[k] = w * m.unit;
  }
}

}  // namespace erato::cpu
