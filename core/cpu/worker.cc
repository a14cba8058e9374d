#include "core/cpu/worker.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace erato::cpu {

Worker::Worker(Shared& shared, int index)
    : shared_(shared),
      kernels_(shared.kernels),
      team_(shared.team),
      scratch_(shared.scratch),
      own_(shared.scratch.workers[static_cast<size_t>(index)]),
      step_(shared.step),
      index_(index) {}

void Worker::Barrier() {
  team_.Barrier(
      [](void* argument) {
        Shared& shared = *static_cast<Shared*>(argument);
        const std::atomic<bool>* stop = shared.step.stop;
        shared.stopped = shared.cut_short.load(std::memory_order_relaxed) ||
                         (stop != nullptr && stop->load(std::memory_order_relaxed));
      },
      &shared_);
}

bool Worker::StopWanted() {
  if (step_.stop == nullptr || !step_.stop->load(std::memory_order_relaxed)) return false;
  shared_.cut_short.store(true, std::memory_order_relaxed);
  return true;
}

void Worker::ApplyNorm(const Norm& norm, const float* x, int64_t n, float* out) {
  const NormKind kind = norm.kind == Norm::Kind::kRms     ? NormKind::kRms
                        : norm.kind == Norm::Kind::kLayer ? NormKind::kLayer
                                                          : NormKind::kNone;
  const float* gain = norm.gain == nullptr ? nullptr : AsCpu(*norm.gain).vector;
  const float* bias = norm.bias == nullptr ? nullptr : AsCpu(*norm.bias).vector;
  if (kind == NormKind::kNone) gain = bias = nullptr;
  kernels_.norm(kind, x, n, gain, bias, norm.eps, out);
}

Worker::Input Worker::Prepare(const Activation& x, const Norm& norm,
                              std::initializer_list<const Weight*> readers, Rounding rounding,
                              int64_t rows, const int32_t* picked) {
  bool wanted[3] = {};
  int64_t cols = 0;
  for (const Weight* w : readers) {
    if (w == nullptr) continue;
    wanted[static_cast<int>(AsCpu(*w).form())] = true;
    cols = w->cols;
  }
  const bool plain = wanted[0], rounded = wanted[1], bf16 = wanted[2];
  const CpuActivation& from = AsCpu(x);
  const bool as_is = norm.kind == Norm::Kind::kNone, twice = rounding == Rounding::kTwice;
  const bool own = rows <= kOwnRows;
  // A row that several read must outlive the first of them.
  const bool keep = plain || (rounded && bf16);
  const size_t rounded_bytes = RoundUp(RoundedRowBytes(static_cast<size_t>(cols)), 64),
               bf16_bytes = RoundUp(static_cast<size_t>(cols) * sizeof(uint16_t), 64);
  const size_t roundings = twice ? 2 : 1;
  float* plain_to = own ? own_.plain : scratch_.plain;
  uint8_t* rounded_to = own ? own_.rounded : scratch_.rounded;
  uint8_t* bf16_to = own ? own_.bf16 : scratch_.bf16;
  float* rest = twice ? own_.row : nullptr;
  const auto one = [&](int64_t t) {
    const float* row = from.row(picked == nullptr ? t : picked[t]);
    if (!as_is || (plain && picked != nullptr)) {
      float* to = keep ? plain_to + t * cols : own_.row;
      ApplyNorm(norm, row, cols, to);
      row = to;
    }
    if (rounded) {
      uint8_t* to = rounded_to + static_cast<size_t>(t) * rounded_bytes * roundings;
      kernels_.round_row(row, cols, to, rest);
      if (twice) kernels_.round_row(rest, cols, to + rounded_bytes, nullptr);
    }
    if (bf16) {
      const auto to = [&](size_t i) {
        return reinterpret_cast<uint16_t*>(bf16_to +
                                           (static_cast<size_t>(t) * roundings + i) * bf16_bytes);
      };
      kernels_.round_row_bf16(row, cols, to(0), rest);
      if (twice) kernels_.round_row_bf16(rest, cols, to(1), nullptr);
    }
  };
  Input in;
  if (plain)
    in.of(Form::kPlain) = {reinterpret_cast<const uint8_t*>(plain_to),
                           static_cast<size_t>(cols) * sizeof(float)};
  if (rounded) in.of(Form::kRounded) = {rounded_to, rounded_bytes * roundings};
  if (bf16) in.of(Form::kBf16) = {bf16_to, bf16_bytes * roundings};
  if (as_is && picked == nullptr && plain) {
    in.of(Form::kPlain) = {reinterpret_cast<const uint8_t*>(from.row(0)),
                           static_cast<size_t>(from.cols) * sizeof(float)};
    if (!rounded && !bf16) return in;
  }
  if (own) {
    for (int64_t t = 0; t < rows; t++) one(t);
  } else {
    constexpr int64_t kRows = 8;
    Share((rows + kRows - 1) / kRows, rows > kOwnRows * 4, [&](int64_t i) {
      for (int64_t t = i * kRows; t < std::min(rows, (i + 1) * kRows); t++) one(t);
    });
    Barrier();
  }
  return in;
}

void Worker::Multiply(const Linear& linear, const Input& in, Rounding rounding, int64_t strip,
                      int64_t row, int64_t n, float* out) {
  const CpuWeight& w = AsCpu(*linear.w);
  const int64_t width = kernels_.strip_rows;
  const auto [first, row_bytes] = in.of(w.form());
  const uint8_t* rows = first + static_cast<size_t>(row) * row_bytes;
  if (rounding == Rounding::kTwice && w.form() != Form::kPlain) {
    kernels_.strip(w.matrix, strip, rows, row_bytes / 2, 2 * n, out, own_.strip);
    for (int64_t t = 0; t < n; t++)
      for (int64_t i = 0; i < width; i++)
        out[t * width + i] = out[2 * t * width + i] + out[(2 * t + 1) * width + i];
  } else {
    kernels_.strip(w.matrix, strip, rows, row_bytes, n, out, own_.strip);
  }
  if (linear.b == nullptr) return;
  const float* bias = AsCpu(*linear.b).vector;
  EachRow(linear, strip, row, n, out, [&](float* y, int64_t r, int64_t have, int64_t) {
    for (int64_t i = 0; i < have; i++) y[i] += bias[r + i];
  });
}

void Worker::Embed(const EmbedArgs& a, const Step&) {
  const CpuWeight& table = AsCpu(*a.table);
  Share(step_.rows(), false, [&](int64_t t) {
    float* x = AsCpu(*a.x).row(t);
    table.ReadRow(step_.ids[t], kernels_.unsigned_bytes, x);
    for (int64_t i = 0; i < table.cols; i++) x[i] *= a.scale;
    const auto add = [&](const Weight* from, int32_t row) {
      if (from == nullptr) return;
      AsCpu(*from).ReadRow(row, kernels_.unsigned_bytes, own_.row);
      kernels_.add_scaled(x, own_.row, table.cols, 1);
    };
    add(a.positions, a.first_position + step_.positions[t]);
    add(a.segments, step_.segments.empty() ? 0 : step_.segments[t]);
    if (a.norm.kind != Norm::Kind::kNone) ApplyNorm(a.norm, x, table.cols, x);
  });
  Barrier();
}

void Worker::ProjAdd(const ProjAddArgs& a, const Step&) {
  const int64_t rows = step_.rows(), width = a.w.w->rows;
  const Input in = Prepare(*a.in, Norm{}, {a.w.w}, Rounding::kOnce, rows);
  const CpuActivation& x = AsCpu(*a.x);
  const bool later = a.post_norm.kind != Norm::Kind::kNone;
  Tiles(AsCpu(*a.w.w).matrix.strips, rows, in, [&](int64_t strip, int64_t row, int64_t n) {
    Multiply(a.w, in, Rounding::kOnce, strip, row, n, own_.tile[0]);
    EachRow(a.w, strip, row, n, own_.tile[0],
            [&](const float* y, int64_t r, int64_t have, int64_t t) {
              if (later) {
                std::memcpy(scratch_.wide + t * width + r, y,
                            static_cast<size_t>(have) * sizeof(float));
              } else {
                kernels_.add_scaled(x.row(t) + r, y, have, a.scale);
              }
            });
  });
  Barrier();
  const bool norms = a.norm.kind != Norm::Kind::kNone;
  if (!later && !norms) return;
  Share(rows, false, [&](int64_t t) {
    if (later) {
      float* y = scratch_.wide + t * width;
      ApplyNorm(a.post_norm, y, width, y);
      kernels_.add_scaled(x.row(t), y, width, a.scale);
    }
    if (norms) ApplyNorm(a.norm, x.row(t), width, x.row(t));
  });
  Barrier();
}

void Worker::GateUp(const GateUpArgs& a, const Step&) {
  const int64_t rows = step_.rows();
  const Input in = Prepare(*a.x, a.norm, {a.gate.w, a.up.w}, Rounding::kOnce, rows);
  const Curve curve = static_cast<Curve>(a.act);
  Tiles(AsCpu(*a.up.w).matrix.strips, rows, in, [&](int64_t strip, int64_t row, int64_t n) {
    float* gate = nullptr;
    if (a.gate.w != nullptr) {
      gate = own_.tile[1];
      Multiply(a.gate, in, Rounding::kOnce, strip, row, n, gate);
    }
    Multiply(a.up, in, Rounding::kOnce, strip, row, n, own_.tile[0]);
    kernels_.activate(curve, gate, own_.tile[0], n * kernels_.strip_rows, own_.tile[0]);
    EachRow(a.up, strip, row, n, own_.tile[0],
            [&](const float* h, int64_t r, int64_t have, int64_t t) {
              std::memcpy(AsCpu(*a.h).row(t) + r, h, static_cast<size_t>(have) * sizeof(float));
            });
  });
  Barrier();
}
static_assert(static_cast<int>(Curve::kSilu) == static_cast<int>(Activate::kSilu) &&
              static_cast<int>(Curve::kGelu) == static_cast<int>(Activate::kGelu) &&
              static_cast<int>(Curve::kGeluTanh) == static_cast<int>(Activate::kGeluTanh) &&
              static_cast<int>(Curve::kRelu) == static_cast<int>(Activate::kRelu) &&
              static_cast<int>(Curve::kReluSquared) == static_cast<int>(Activate::kReluSquared) &&
              static_cast<int>(Curve::kTanh) == static_cast<int>(Activate::kTanh) &&
              static_cast<int>(Curve::kNone) == static_cast<int>(Activate::kNone));

void Worker::Head(const HeadArgs& a, const Step&) {
  const auto rows = static_cast<int64_t>(step_.logit_rows.size());
  const Input in = Prepare(*a.x, a.norm, {a.w.w}, Rounding::kTwice, rows, step_.logit_rows.data());
  Tiles(AsCpu(*a.w.w).matrix.strips, rows, in, [&](int64_t strip, int64_t row, int64_t n) {
    Multiply(a.w, in, Rounding::kTwice, strip, row, n, own_.tile[0]);
    EachRow(a.w, strip, row, n, own_.tile[0],
            [&](const float* y, int64_t r, int64_t have, int64_t t) {
              float* out = AsCpu(*a.logits).row(t) + r;
              for (int64_t i = 0; i < have; i++) out[i] = a.scale * y[i];
              if (a.cap > 0) kernels_.soft_cap(out, have, a.cap);
            });
  });
  Barrier();
}

}  // namespace erato::cpu
