#include "tests/ops/harness.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/cpu/cpu.h"
#include "core/device.h"
#include "core/ref/ref.h"
#include "tests/cpu/emulated.h"

namespace erato::test {

void PrintTo(const BackendCase& backend, std::ostream* out) { *out << backend.name; }

std::vector<BackendCase> Backends() {
  std::vector<BackendCase> all = {{"ref", [] { return NewRefBackend(); }}};
  for (const char* isa : {"portable", "avx2", "avx512", "avx512_bf16"}) {
    for (int threads : {1, 2}) {
      const DeviceOptions options = {"cpu", isa, threads};
      if (!NewBackend(options).ok()) continue;  // not on this machine
      all.push_back({std::string("cpu_") + isa + "_" + std::to_string(threads),
                     [=] { return NewBackend(options); }});
    }
  }
  // What is written for wider sets than this machine may have, over a portable vector.
  all.push_back({"cpu_emulated_2", []() -> absl::StatusOr<std::unique_ptr<Backend>> {
                   return cpu::NewCpuBackend(*cpu::EmulatedAvx512Kernels(), 2);
                 }});
  return all;
}

std::string NameOf(const testing::TestParamInfo<OpParam>& info) {
  return std::get<0>(info.param).name + "_" + InfoOf(std::get<1>(info.param)).name;
}

int64_t OpTest::Cols(int blocks, int64_t odd) const {
  const int block = InfoOf(format()).block_values;
  return block == 1 ? odd : int64_t{blocks} * block;
}

double OpTest::Tolerance(int noise, bool cached) const {
  if (backend().name == "ref") return 2e-6;
  const FormatInfo& info = InfoOf(format());
  // One rounding of uniform values in blocks of 32 to 8 bits: (1/127)/sqrt(12) of the largest
  // value, which is sqrt(3) times the root mean square.
  if (info.block_values > 1) return 0.006 * noise + (cached ? 0.004 : 0);
  // One rounding to bfloat16, where a processor sums those: at most 2^-9 of a value, 0.0008 on
  // average.
  if (format() == Format::kBF16) return std::max(4e-3, 0.0015 * noise);
  if (cached) return 2e-3;
  return format() == Format::kF32 ? 2e-5 : 4e-3;
}

Bench::Bench(const BackendCase& backend, int64_t max_rows, int64_t max_cols, int64_t max_head) {
  auto made = backend.make();
  if (!made.ok()) throw std::runtime_error(made.status().ToString());
  backend_ = *std::move(made);
  const absl::Status reserved = backend_->Reserve(max_rows, max_cols, max_head);
  EXPECT_TRUE(reserved.ok()) << reserved;
}

const Weight* Bench::Put(const Matrix& m, WeightUse use) {
  if (m.empty()) return nullptr;
  HostTensor tensor;
  tensor.format = m.format;
  tensor.rows = m.rows;
  tensor.cols = m.cols;
  tensor.data = m.bytes.data();
  tensor.row_bytes = BytesOf(m.format, m.cols);
  auto weight = backend_->Upload(tensor, use);
  if (!weight.ok()) throw std::runtime_error(weight.status().ToString());
  EXPECT_EQ((*weight)->rows, m.rows);
  EXPECT_EQ((*weight)->cols, m.cols);
  EXPECT_GT((*weight)->bytes, 0u);
  weights_.push_back(*std::move(weight));
  return weights_.back().get();
}

Linear Bench::PutLinear(const Matrix& w, const Matrix& b) {
  return {Put(w), Put(b, WeightUse::kVector)};
}

Norm Bench::PutNorm(const NormCase& norm) {
  return {norm.kind, Put(norm.gain, WeightUse::kVector), Put(norm.bias, WeightUse::kVector),
          norm.eps};
}

Activation* Bench::NewActivation(int64_t rows, int64_t cols) {
  auto made = backend_->NewActivation(rows, cols);
  if (!made.ok()) throw std::runtime_error(made.status().ToString());
  EXPECT_EQ((*made)->max_rows, rows);
  EXPECT_EQ((*made)->cols, cols);
  activations_.push_back(*std::move(made));
  return activations_.back().get();
}

// Embed is the one way into an activation: row t of the table is row t of the step, whose ids are
// 0, 1, 2 ….
Activation* Bench::NewActivation(const std::vector<Row>& rows, ProgramOf::Body* fill) {
  std::vector<float> flat;
  for (const Row& row : rows) flat.insert(flat.end(), row.begin(), row.end());
  const auto cols = static_cast<int64_t>(rows[0].size());
  const auto count = static_cast<int64_t>(rows.size());
  Activation* x = NewActivation(count, cols);
  const Weight* table = Put(PlainMatrix(count, cols, flat), WeightUse::kTable);
  ProgramOf::Body before = *fill;
  *fill = [=](Ops& ops, const Step& step) {
    if (before) before(ops, step);
    ops.Embed({.table = table, .x = x}, step);
  };
  return x;
}

std::vector<Row> Bench::Read(const Activation& from, int64_t rows) {
  std::vector<float> flat(rows * from.cols);
  backend_->Read(from, 0, rows, flat.data());
  std::vector<Row> out;
  for (int64_t t = 0; t < rows; ++t) {
    out.emplace_back(flat.begin() + t * from.cols, flat.begin() + (t + 1) * from.cols);
  }
  return out;
}

void Bench::Run(int32_t rows, const ProgramOf::Body& body) {
  std::vector<int32_t> counting(rows);
  std::iota(counting.begin(), counting.end(), 0);
  const std::vector<int32_t> row_begin = {0, rows};
  Step step;
  step.ids = counting;
  step.positions = counting;
  step.row_begin = row_begin;
  step.blocks = {{}};
  step.logit_rows = counting;
  const absl::Status ran = backend_->Run(ProgramOf(body), step);
  EXPECT_TRUE(ran.ok()) << ran;
}

std::vector<Row> RandomRows(std::mt19937& random, int64_t rows, int64_t cols) {
  std::vector<Row> out;
  for (int64_t t = 0; t < rows; ++t) {
    const float loud = 0.5f + static_cast<float>(random() % 1000) / 700.0f;
    const Matrix m = RandomMatrix(random, Format::kF32, 1, cols, loud, 0.1f);
    out.emplace_back(m.values.begin(), m.values.end());
  }
  return out;
}

void ExpectNear(const std::vector<Row>& got, const std::vector<Row>& expected, double tolerance,
                double least) {
  ASSERT_EQ(got.size(), expected.size());
  double squares = 0, errors = 0, worst = 0, count = 0;
  size_t worst_row = 0, worst_col = 0;
  for (size_t t = 0; t < got.size(); ++t) {
    ASSERT_EQ(got[t].size(), expected[t].size());
    for (size_t i = 0; i < got[t].size(); ++i) {
      const double error = std::abs(got[t][i] - expected[t][i]);
      squares += expected[t][i] * expected[t][i];
      errors += error * error;
      count += 1;
      if (error <= worst) continue;  // NaN is the worst
      worst = error;
      worst_row = t;
      worst_col = i;
    }
  }
  const double size = std::max(std::sqrt(squares / count), least);
  EXPECT_LE(std::sqrt(errors / count), tolerance * size);
  EXPECT_LE(worst, 6 * tolerance * size)
      << "row " << worst_row << ", column " << worst_col << ": got " << got[worst_row][worst_col]
      << ", expected " << expected[worst_row][worst_col];
}

}  // namespace erato::test
