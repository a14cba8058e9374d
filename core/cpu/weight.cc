// Packing. Scales become float16 times one power of two for the whole matrix. Formats that keep
// float16 scales lose nothing and need no factor; products of two scales (the K formats) are
// rounded to 11 bits, a thousandth of what the cells themselves were rounded by, and the factor
// keeps small ones clear of float16's subnormals.
#include "core/cpu/weight.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "core/base/half.h"

namespace erato::cpu {
namespace {

/// How the cells of an integer form are stored.
struct CellPlan {
  Cell cell = Cell::kF32;
  bool has_min = false;
  int q_offset = 0;    // stored byte or nibble = q + q_offset
  int min_offset = 0;  // min' = min + min_offset · scale
};

CellPlan PlanOf(const FormatInfo& info, bool unsigned_bytes) {
  const IntegerForm& form = info.integer;
  if (form.group == 0) {
    if (info.block_values != 1 || info.block_bytes != 2) return {};
    // The two 16-bit formats are told apart by what they make of 1.
    const float one = 1;
    uint16_t bits = 0;
    info.encode(&one, 1, reinterpret_cast<uint8_t*>(&bits));
    return {bits == 0x3c00 ? Cell::kF16 : Cell::kBf16};
  }
  const int range = form.q_max - form.q_min;
  if (!form.has_min && form.q_min >= -8 && form.q_max <= 7) return {Cell::kInt4, false, 8, 0};
  if (range <= 15) return {Cell::kInt4, true, -form.q_min, form.q_min};
  if (!form.has_min) return {Cell::kInt8, false, unsigned_bytes ? 128 : 0, 0};
  if (range <= 127) return {Cell::kInt8, true, -form.q_min, form.q_min};
  return {};
}

size_t CellBits(Cell cell) {
  switch (cell) {
    case Cell::kInt4:
      return 4;
    case Cell::kInt8:
      return 8;
    case Cell::kF16:
    case Cell::kBf16:
      return 16;
    case Cell::kF32:
      return 32;
  }
  return 0;
}

/// One worker's part of the packing.
class Packer {
 public:
  Packer(const HostTensor& tensor, const Kernels& kernels, const CellPlan& plan, const Matrix& m,
         uint8_t* to)
      : tensor_(tensor),
        kernels_(kernels),
        info_(InfoOf(tensor.format)),
        plan_(plan),
        m_(m),
        to_(to) {
    const size_t values = static_cast<size_t>(m.strip_rows * m.cols);
    line_.resize(static_cast<size_t>(std::max<int64_t>(m.strip_rows, m.cols)));
    if (m.group == 0) {
      floats_.resize(values);
    } else {
      q_.resize(values);
      scales_.resize(values / static_cast<size_t>(m.group) * 2);
    }
  }

  void Strip(int64_t strip) {
    uint8_t* to = to_ + static_cast<size_t>(strip) * m_.strip_bytes;
    if (m_.group == 0) return FloatStrip(strip, to);
    const int64_t groups = m_.cols / m_.group;
    float* mins = scales_.data() + m_.strip_rows * groups;
    for (int64_t r = 0; r < m_.strip_rows; r++) {
      const int64_t row = strip * m_.strip_rows + r;
      if (row < m_.rows) {
        info_.decode_integer(tensor_.data + static_cast<size_t>(row) * tensor_.row_bytes, m_.cols,
                             reinterpret_cast<int8_t*>(&q_[r * m_.cols]), &scales_[r * groups],
                             mins + r * groups);
      } else {
        std::memset(&q_[r * m_.cols], 0, static_cast<size_t>(m_.cols));
        std::fill_n(&scales_[r * groups], groups, 0.0f);
      }
      if (row >= m_.rows || !info_.integer.has_min) std::fill_n(mins + r * groups, groups, 0.0f);
    }
    for (uint8_t& q : q_) q = static_cast<uint8_t>(q + plan_.q_offset);
    for (int64_t g = 0; g < groups; g++)
      Group(g, to + static_cast<size_t>(g) * m_.group_bytes, mins);
  }

  /// Greatest magnitude of a scale or min seen, and whether one was too small for float16 to hold
  /// it well.
  float greatest() const { return greatest_; }
  bool lossy() const { return lossy_; }

 private:
  void Group(int64_t g, uint8_t* to, const float* mins) {
    const int64_t groups = m_.cols / m_.group;
    const bool nibbles = m_.cell == Cell::kInt4;
    for (int64_t step = 0; step < m_.group / 4; step += nibbles ? 2 : 1)
      for (int64_t r = 0; r < m_.strip_rows; r++) {
        uint32_t four, next;
        const uint8_t* q = &q_[static_cast<size_t>(r * m_.cols + g * m_.group + step * 4)];
        std::memcpy(&four, q, 4);
        if (nibbles) {
          std::memcpy(&next, q + 4, 4);
          four |= next << 4;
        }
        std::memcpy(to + ((nibbles ? step / 2 : step) * m_.strip_rows + r) * 4, &four, 4);
      }
    to += m_.group * m_.strip_rows * static_cast<int64_t>(CellBits(m_.cell)) / 8;
    for (int64_t r = 0; r < m_.strip_rows; r++) line_[r] = scales_[r * groups + g] / m_.unit;
    Halves(to);
    if (!m_.has_min) return;
    for (int64_t r = 0; r < m_.strip_rows; r++) {
      line_[r] =
          (mins[r * groups + g] + static_cast<float>(plan_.min_offset) * scales_[r * groups + g]) /
          m_.unit;
    }
    Halves(to + m_.strip_rows * 2);
  }

  void Halves(uint8_t* to) {
    uint16_t* halves = reinterpret_cast<uint16_t*>(to);
    kernels_.to_half(line_.data(), m_.strip_rows, halves);
    for (int64_t i = 0; i < m_.strip_rows; i++) {
      const float a = std::fabs(line_[i]);
      greatest_ = a > greatest_ ? a : greatest_;
      if ((a < 0x1p-14f || a > 65504) && HalfToFloat(halves[i]) != line_[i]) lossy_ = true;
    }
  }

  void FloatStrip(int64_t strip, uint8_t* to) {
    const int64_t rows = m_.strip_rows, first = strip * rows,
                  have = std::min<int64_t>(rows, m_.rows - first);
    std::fill(floats_.begin(), floats_.end(), 0.0f);
    if (tensor_.transposed) {
      const int64_t value_bytes = info_.block_bytes;
      for (int64_t k = 0; k < m_.cols; k++)
        info_.decode(
            tensor_.data + static_cast<size_t>(k) * tensor_.row_bytes + first * value_bytes, have,
            &floats_[k * rows]);
    } else {
      for (int64_t r = 0; r < have; r++) {
        info_.decode(tensor_.data + static_cast<size_t>(first + r) * tensor_.row_bytes, m_.cols,
                     line_.data());
        for (int64_t k = 0; k < m_.cols; k++) floats_[k * rows + r] = line_[k];
      }
    }
    const int64_t n = rows * m_.cols;
    if (m_.cell == Cell::kF32) {
      std::memcpy(to, floats_.data(), static_cast<size_t>(n) * 4);
    } else if (m_.cell == Cell::kF16) {
      kernels_.to_half(floats_.data(), n, reinterpret_cast<uint16_t*>(to));
    } else {
      uint16_t* out = reinterpret_cast<uint16_t*>(to);
      for (int64_t i = 0; i < n; i++) out[i] = FloatToBf16(floats_[i]);
    }
  }

  const HostTensor& tensor_;
  const Kernels& kernels_;
  const FormatInfo& info_;
  const CellPlan plan_;
  const Matrix m_;
  uint8_t* to_;
  std::vector<uint8_t> q_;  // q, then q + offset
  std::vector<float> scales_, floats_, line_;
  float greatest_ = 0;
  bool lossy_ = false;
};

/// Packs all strips with the whole team.
struct PackJob {
  std::vector<std::unique_ptr<Packer>> packers;
  Team& team;
  int64_t strips;
  void Run() {
    team.Run(
        [](void* self, int worker) {
          PackJob& job = *static_cast<PackJob*>(self);
          for (int64_t s; (s = job.team.Take()) < job.strips;)
            job.packers[static_cast<size_t>(worker)]->Strip(s);
        },
        this);
  }
};

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
    m.strip_bytes = rows * cols * CellBits(m.cell) / 8;
  }
  return m;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CpuWeight>> PackVector(const HostTensor& tensor) {
  const int64_t n = tensor.rows * tensor.cols;
  absl::StatusOr<Buffer> memory = Buffer::Make(static_cast<size_t>(n) * sizeof(float), "vector");
  if (!memory.ok()) return memory.status();
  auto weight = std::make_unique<CpuWeight>();
  weight->memory = *std::move(memory);
  float* out = weight->memory.as<float>();
  const FormatInfo& info = InfoOf(tensor.format);
  for (int64_t r = 0; r < tensor.rows; r++) {
    info.decode(tensor.data + static_cast<size_t>(r) * tensor.row_bytes, tensor.cols,
                out + r * tensor.cols);
  }
  weight->rows = 1;
  weight->cols = n;
  weight->bytes = weight->memory.bytes();
  weight->vector = out;
  return weight;
}

absl::StatusOr<std::unique_ptr<CpuWeight>> PackMatrix(const HostTensor& tensor,
                                                      const Kernels& kernels, Team& team) {
  const FormatInfo& info = InfoOf(tensor.format);
  CellPlan plan = PlanOf(info, kernels.unsigned_bytes);
  // Rounded activations come in blocks of 32 columns.
  if (plan.cell <= Cell::kInt8 && tensor.cols % 32 != 0) plan = {};
  Matrix m = LayOut(tensor, kernels, plan);
  absl::StatusOr<Buffer> memory =
      Buffer::Make(m.strip_bytes * static_cast<size_t>(m.strips), "weights");
  if (!memory.ok()) return memory.status();
  for (bool again = true; again;) {
    PackJob job{{}, team, m.strips};
    for (int i = 0; i < team.wanted(); i++) {
      job.packers.push_back(std::make_unique<Packer>(tensor, kernels, plan, m, memory->data()));
    }
    job.Run();
    float greatest = 0;
    bool lossy = false;
    for (const auto& packer : job.packers) {
      greatest = std::fmax(greatest, packer->greatest());
      lossy = lossy || packer->lossy();
    }
    again = lossy && m.unit == 1 && std::isfinite(greatest) && greatest > 0;
    if (again) {
      m.unit = std::ldexp(1.0f, std::ilogb(greatest) - 14);
      again = m.unit != 1 && std::isnormal(m.unit);
      if (!again) m.unit = 1;
    }
  }
  auto weight = std::make_unique<CpuWeight>();
  weight->memory = *std::move(memory);
  m.data = weight->memory.data();
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
  if (!integer()) {
    for (int64_t k = 0; k < m.cols; k++) {
      const int64_t at = k * width + r;
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
    if (!nibbles && !m.has_min && !unsigned_bytes) q = static_cast<int8_t>(byte);
    const float w = HalfToFloat(scales[r]) * static_cast<float>(q - offset) +
                    (m.has_min ? HalfToFloat(scales[width + r]) : 0);
    out[k] = w * m.unit;
  }
}

}  // namespace erato::cpu
