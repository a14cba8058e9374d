// Embed, ProjAdd, GateUp and Head of every backend with every weight format, over generated shapes.
#include <cmath>
#include <string>

#include "tests/ops/harness.h"

namespace erato::test {
namespace {

using Linears = OpTest;

constexpr Norm::Kind kNorms[] = {Norm::Kind::kNone, Norm::Kind::kRms, Norm::Kind::kLayer};
constexpr Activate kActivates[] = {Activate::kSilu, Activate::kGelu, Activate::kGeluTanh,
                                   Activate::kRelu, Activate::kReluSquared};

NormCase RandomNorm(std::mt19937& random, Norm::Kind kind, int64_t n) {
  NormCase norm{kind, {}, {}, 1e-5f};
  if (kind == Norm::Kind::kNone) return norm;
  if (random() % 4 != 0) norm.gain = RandomMatrix(random, Format::kF32, 1, n, 0.3f, 1);
  if (kind == Norm::Kind::kLayer) norm.bias = RandomMatrix(random, Format::kF32, 1, n, 0.2f);
  return norm;
}

Matrix RandomBias(std::mt19937& random, int64_t n) {
  return random() % 2 ? RandomMatrix(random, Format::kF32, 1, n, 0.5f) : Matrix();
}

/// Rows, columns and rows of weights of one case.
struct Shape {
  int32_t rows;
  int64_t in, out;
};

/// A dozen shapes for the format: vectors and batches, whole and odd tiles.
std::vector<Shape> Shapes(const std::function<int64_t(int, int64_t)>& cols) {
  return {{1, cols(1, 1), 1},    {1, cols(1, 7), 3},    {1, cols(3, 64), 33},
          {2, cols(2, 31), 16},  {3, cols(1, 32), 5},   {4, cols(2, 33), 8},
          {5, cols(3, 100), 17}, {7, cols(2, 128), 64}, {8, cols(1, 96), 100},
          {16, cols(2, 65), 48}, {17, cols(1, 40), 7},  {33, cols(3, 160), 40},
          {70, cols(1, 48), 31}};
}

std::string Show(const Shape& s) {
  return "rows " + std::to_string(s.rows) + ", in " + std::to_string(s.in) + ", out " +
         std::to_string(s.out);
}

TEST_P(Linears, Embed) {
  std::mt19937 random(1);
  for (int32_t rows : {1, 3, 40}) {
    for (bool placed : {false, true}) {
      const int64_t cols = Cols(2, 37);
      const Matrix table = RandomMatrix(random, format(), 50, cols, 1);
      const Matrix places = RandomMatrix(random, format(), 50, cols, 1);
      Bench bench(backend());
      Activation* x = bench.NewActivation(rows, cols);
      const EmbedArgs args = {bench.Put(table, WeightUse::kTable),
                              placed ? bench.Put(places, WeightUse::kTable) : nullptr, 2.5f, x};
      bench.Run(rows, [&](Ops& ops, const Step& step) { ops.Embed(args, step); });
      std::vector<Row> expected(rows, Row(cols));
      for (int32_t t = 0; t < rows; ++t) {
        for (int64_t i = 0; i < cols; ++i) {
          expected[t][i] = 2.5 * table.values[t * cols + i];
          if (placed) expected[t][i] += places.values[t * cols + i];
        }
      }
      // Looked up, not multiplied: a backend may keep products of two scales in float16.
      ExpectNear(bench.Read(*x, rows), expected, backend().name == "ref" ? 1e-6 : 6e-4);
    }
  }
}

TEST_P(Linears, ProjAdd) {
  std::mt19937 random(2);
  for (const Shape& s : Shapes([&](int b, int64_t odd) { return Cols(b, odd); })) {
    for (Norm::Kind kind : kNorms) {
      if (kind == Norm::Kind::kLayer && s.out < 4) continue;  // hardly anything is left of it
      SCOPED_TRACE(Show(s) + ", norm " + std::to_string(static_cast<int>(kind)));
      const Matrix w = RandomMatrix(random, format(), s.out, s.in, 1);
      const Matrix b = RandomBias(random, s.out);
      const NormCase post = RandomNorm(random, kind, s.out);
      const std::vector<Row> in = RandomRows(random, s.rows, s.in);
      const std::vector<Row> x = RandomRows(random, s.rows, s.out);
      Bench bench(backend());
      ProgramOf::Body fill;
      const ProjAddArgs args = {.in = bench.NewActivation(in, &fill),
                                .w = bench.PutLinear(w, b),
                                .post_norm = bench.PutNorm(post),
                                .scale = 0.75f,
                                .x = bench.NewActivation(x, &fill)};
      bench.Run(s.rows, [&](Ops& ops, const Step& step) {
        fill(ops, step);
        ops.ProjAdd(args, step);
      });
      // What was added is compared, so that x does not hide it.
      std::vector<Row> got = bench.Read(*args.x, s.rows), expected;
      for (int32_t t = 0; t < s.rows; ++t) {
        expected.push_back(DefineNorm(post, DefineLinear(w, b, in[t])));
        for (double& v : expected[t]) v *= 0.75;
        for (int64_t i = 0; i < s.out; ++i) got[t][i] -= static_cast<float>(x[t][i]);
      }
      const double least = kind == Norm::Kind::kNone ? 0.3 * std::sqrt(s.in) : 0.3;
      ExpectNear(got, expected, Tolerance(2), least);
    }
  }
}

TEST_P(Linears, GateUp) {
  std::mt19937 random(3);
  int turn = 0;
  for (const Shape& s : Shapes([&](int b, int64_t odd) { return Cols(b, odd); })) {
    for (bool gated : {true, false}) {
      const Norm::Kind kind = s.in < 4 ? Norm::Kind::kRms : kNorms[turn % 3];
      const Activate act = kActivates[turn++ % 5];
      SCOPED_TRACE(Show(s) + (gated ? ", gated" : ", plain") + ", norm " +
                   std::to_string(static_cast<int>(kind)) + ", act " +
                   std::to_string(static_cast<int>(act)));
      // Sums of about one, where activations bend.
      const float spread = 2 / std::sqrt(static_cast<float>(s.in));
      const Matrix up = RandomMatrix(random, format(), s.out, s.in, spread);
      const Matrix gate = gated ? RandomMatrix(random, format(), s.out, s.in, spread) : Matrix();
      const Matrix up_bias = RandomBias(random, s.out);
      const Matrix gate_bias = gated ? RandomBias(random, s.out) : Matrix();
      const NormCase norm = RandomNorm(random, kind, s.in);
      const std::vector<Row> x = RandomRows(random, s.rows, s.in);
      Bench bench(backend());
      ProgramOf::Body fill;
      const GateUpArgs args = {.x = bench.NewActivation(x, &fill),
                               .norm = bench.PutNorm(norm),
                               .gate = bench.PutLinear(gate, gate_bias),
                               .up = bench.PutLinear(up, up_bias),
                               .act = act,
                               .h = bench.NewActivation(s.rows, s.out)};
      bench.Run(s.rows, [&](Ops& ops, const Step& step) {
        fill(ops, step);
        ops.GateUp(args, step);
      });
      std::vector<Row> expected;
      for (const Row& row : x) {
        const Row n = DefineNorm(norm, row);
        Row h = DefineLinear(up, up_bias, n);
        const Row g = gated ? DefineLinear(gate, gate_bias, n) : Row();
        for (size_t i = 0; i < h.size(); ++i) {
          h[i] = gated ? DefineActivate(act, g[i]) * h[i] : DefineActivate(act, h[i]);
        }
        expected.push_back(h);
      }
      ExpectNear(bench.Read(*args.h, s.rows), expected, Tolerance(4), 0.5);
    }
  }
}

TEST_P(Linears, HeadOfChosenRows) {
  std::mt19937 random(4);
  const int64_t cols = Cols(2, 50);
  const Matrix w = RandomMatrix(random, format(), 77, cols, 1);
  const NormCase norm = RandomNorm(random, Norm::Kind::kRms, cols);
  const std::vector<Row> x = RandomRows(random, 9, cols);
  const std::vector<int32_t> counting = {0, 1, 2, 3, 4, 5, 6, 7, 8}, row_begin = {0, 9};
  const std::vector<std::vector<int32_t>> choices = {{}, {8}, {0}, {2, 3, 7}, counting};
  for (const std::vector<int32_t>& chosen : choices) {
    for (float cap : {0.0f, 6.0f}) {
      Bench bench(backend());
      ProgramOf::Body fill;
      // The table of tied embeddings is what a head is most often.
      const HeadArgs args = {.x = bench.NewActivation(x, &fill),
                             .norm = bench.PutNorm(norm),
                             .w = {bench.Put(w, WeightUse::kTable), nullptr},
                             .scale = 0.5f,
                             .cap = cap,
                             .logits = bench.NewActivation(9, 77)};
      Step step;
      step.ids = step.positions = counting;
      step.row_begin = row_begin;
      step.blocks = {{}};
      step.logit_rows = chosen;
      const ProgramOf program([&](Ops& ops, const Step& s) {
        fill(ops, s);
        ops.Head(args, s);
      });
      const absl::Status ran = bench.backend().Run(program, step);
      ASSERT_TRUE(ran.ok()) << ran;
      std::vector<Row> expected;
      for (int32_t t : chosen) {
        expected.push_back(DefineLinear(w, {}, DefineNorm(norm, x[t])));
        for (double& v : expected.back()) {
          v *= 0.5;
          if (cap > 0) v = cap * std::tanh(v / cap);
        }
      }
      if (chosen.empty()) continue;
      ExpectNear(bench.Read(*args.logits, chosen.size()), expected, Tolerance(2));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Linears,
                         testing::Combine(testing::ValuesIn(Backends()),
                                          testing::ValuesIn(AllFormats().begin(),
                                                            AllFormats().end())),
                         NameOf);

}  // namespace
}  // namespace erato::test
