// Packing. Scales become float16 times one power of two for the whole matrix. Formats that keep
// float16 scales lose nothing and need no factor; products of two scales (the K formats) are
// rounded to 11 bits, a thousandth of what the cells themselves were rounded by, and the factor
// keeps small ones clear of float16's subnormals.
#include "core/cpu/packer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/half.h"
#include "core/base/status.h"

namespace erato::cpu {

CellPlan PlanOf(const FormatInfo& info, const Kernels& kernels) {
  const IntegerForm& form = info.integer;
  if (form.group == 0) {
    if (info.block_values != 1 || info.block_bytes != 2) return {};
    // The two 16-bit formats are told apart by what they make of 1.
    const float one = 1;
    uint16_t bits = 0;
    info.encode(&one, 1, reinterpret_cast<uint8_t*>(&bits));
    if (bits == 0x3c00) return {Cell::kF16};
    return {kernels.round_row_bf16 != nullptr ? Cell::kBf16Pairs : Cell::kBf16};
  }
  const int range = form.q_max - form.q_min;
  if (!form.has_min && form.q_min >= -8 && form.q_max <= 7) return {Cell::kInt4, false, 8, 0};
  if (range <= 15) return {Cell::kInt4, true, -form.q_min, form.q_min};
  if (!form.has_min) return {Cell::kInt8, false, kernels.unsigned_bytes ? 128 : 0, 0};
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
    case Cell::kBf16Pairs:
      return 16;
    case Cell::kF32:
      return 32;
  }
  return 0;
}

Packer::Packer(const HostTensor& tensor, const Kernels& kernels, const CellPlan& plan,
               const Matrix& m, int64_t stretch_strips, uint8_t* to)
    : tensor_(tensor),
      kernels_(kernels),
      info_(InfoOf(tensor.format)),
      plan_(plan),
      m_(m),
      stretch_strips_(stretch_strips),
      to_(to) {
  if (tensor.data == nullptr) room_.resize(tensor.BytesOfRows(stretch_strips * m.strip_rows));
  const size_t values = static_cast<size_t>(m.strip_rows * m.cols);
  line_.resize(static_cast<size_t>(std::max<int64_t>(m.strip_rows, m.cols)));
  if (m.group == 0) {
    floats_.resize(values);
  } else {
    q_.resize(values);
    scales_.resize(values / static_cast<size_t>(m.group) * 2);
  }
}

absl::Status Packer::Stretch(int64_t stretch) {
  const int64_t begin = stretch * stretch_strips_,
                end = std::min(begin + stretch_strips_, m_.strips);
  if (tensor_.transposed) {
    for (int64_t strip = begin; strip < end; strip++) Strip(strip, tensor_.data);
    return absl::OkStatus();
  }
  const int64_t first = begin * m_.strip_rows,
                count = std::min(end * m_.strip_rows, m_.rows) - first;
  ERATO_ASSIGN_OR_RETURN(const uint8_t* rows, tensor_.Rows(first, count, room_.data()));
  for (int64_t strip = begin; strip < end; strip++) {
    Strip(strip, rows + static_cast<size_t>((strip - begin) * m_.strip_rows) * tensor_.row_bytes);
  }
  return absl::OkStatus();
}

void Packer::Strip(int64_t strip, const uint8_t* stored) {
  uint8_t* to = to_ + static_cast<size_t>(strip) * m_.strip_bytes;
  if (m_.group == 0) return FloatStrip(strip, stored, to);
  const int64_t groups = m_.cols / m_.group;
  float* mins = scales_.data() + m_.strip_rows * groups;
  for (int64_t r = 0; r < m_.strip_rows; r++) {
    const int64_t row = strip * m_.strip_rows + r;
    if (row < m_.rows) {
      info_.decode_integer(stored + static_cast<size_t>(r) * tensor_.row_bytes, m_.cols,
                           reinterpret_cast<int8_t*>(&q_[r * m_.cols]), &scales_[r * groups],
                           mins + r * groups);
    } else {
      std::memset(&q_[r * m_.cols], 0, static_cast<size_t>(m_.cols));
      std::fill_n(&scales_[r * groups], groups, 0.0f);
    }
    if (row >= m_.rows || !info_.integer.has_min) std::fill_n(mins + r * groups, groups, 0.0f);
  }
  for (uint8_t& q : q_) q = static_cast<uint8_t>(q + plan_.q_offset);
  for (int64_t g = 0; g < groups; g++) Group(g, to + static_cast<size_t>(g) * m_.group_bytes, mins);
}

void Packer::Group(int64_t g, uint8_t* to, const float* mins) {
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

void Packer::Halves(uint8_t* to) {
  uint16_t* halves = reinterpret_cast<uint16_t*>(to);
  kernels_.to_half(line_.data(), m_.strip_rows, halves);
  for (int64_t i = 0; i < m_.strip_rows; i++) {
    const float a = std::fabs(line_[i]);
    greatest_ = a > greatest_ ? a : greatest_;
    if ((a < 0x1p-14f || a > 65504) && HalfToFloat(halves[i]) != line_[i]) lossy_ = true;
  }
}

void Packer::FloatStrip(int64_t strip, const uint8_t* stored, uint8_t* to) {
  const int64_t rows = m_.strip_rows, first = strip * rows,
                have = std::min<int64_t>(rows, m_.rows - first);
  std::fill(floats_.begin(), floats_.end(), 0.0f);
  if (tensor_.transposed) {
    const int64_t value_bytes = info_.block_bytes;
    for (int64_t k = 0; k < m_.cols; k++)
      info_.decode(stored + static_cast<size_t>(k) * tensor_.row_bytes + first * value_bytes, have,
                   &floats_[k * rows]);
  } else {
    for (int64_t r = 0; r < have; r++) {
      info_.decode(stored + static_cast<size_t>(r) * tensor_.row_bytes, m_.cols, line_.data());
      for (int64_t k = 0; k < m_.cols; k++) floats_[k * rows + r] = line_[k];
    }
  }
  const int64_t n = rows * m_.cols;
  if (m_.cell == Cell::kF32) {
    std::memcpy(to, floats_.data(), static_cast<size_t>(n) * 4);
  } else if (m_.cell == Cell::kF16) {
    kernels_.to_half(floats_.data(), n, reinterpret_cast<uint16_t*>(to));
  } else if (m_.cell == Cell::kBf16) {
    uint16_t* out = reinterpret_cast<uint16_t*>(to);
    for (int64_t i = 0; i < n; i++) out[i] = FloatToBf16(floats_[i]);
  } else {
    uint16_t* out = reinterpret_cast<uint16_t*>(to);
    for (int64_t k = 0; k < (m_.cols + 1) / 2 * 2; k++)
      for (int64_t r = 0; r < rows; r++)
        out[PairAt(k, r, rows)] = k < m_.cols ? FloatToBf16(floats_[k * rows + r]) : uint16_t{0};
  }
}

}  // namespace erato::cpu
