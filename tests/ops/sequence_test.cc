// Phases of whole sequences on every backend: attention over rows beside the queries, with windows
// both ways and relative positions; embedding with segments and a norm; sums that are normed; dense
// layers and pooling.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "tests/ops/harness.h"

namespace erato::test {
namespace {

/// A step of whole sequences with ids 0, 1, 2 ….
struct Texts {
  explicit Texts(const std::vector<int32_t>& lengths) {
    for (const int32_t n : lengths) {
      for (int32_t p = 0; p < n; ++p) {
        ids.push_back(static_cast<int32_t>(ids.size()));
        positions.push_back(p);
        segments.push_back(p * 2 >= n ? 1 : 0);
      }
      row_begin.push_back(static_cast<int32_t>(ids.size()));
    }
  }
  int32_t rows() const { return static_cast<int32_t>(ids.size()); }
  void Run(Bench& bench, const ProgramOf::Body& body) const {
    Step step;
    step.ids = ids;
    step.positions = positions;
    step.segments = segments;
    step.row_begin = row_begin;
    const absl::Status ran = bench.backend().Run(ProgramOf(body), step);
    ASSERT_TRUE(ran.ok()) << ran;
  }
  std::vector<int32_t> ids, positions, segments, row_begin = {0};
};

enum class Distance { kNothing, kBias, kPlaces };

struct Case {
  int32_t heads, kv_heads, k_width, v_width, window;
  bool causal;
  Distance distance;
};
const Case kCases[] = {
    {1, 1, 2, 2, 0, false, Distance::kNothing},  {12, 12, 32, 32, 0, false, Distance::kNothing},
    {4, 2, 16, 16, 0, true, Distance::kNothing}, {6, 3, 64, 64, 5, false, Distance::kNothing},
    {4, 4, 20, 12, 33, false, Distance::kBias},  {2, 2, 64, 64, 0, false, Distance::kBias},
    {3, 3, 16, 16, 0, false, Distance::kPlaces}, {2, 2, 64, 64, 40, false, Distance::kPlaces},
    {2, 1, 7, 9, 1, false, Distance::kNothing},  {1, 1, 33, 17, 20, true, Distance::kBias},
    {2, 2, 10, 10, 0, true, Distance::kPlaces},
};
constexpr int32_t kReach = 11, kPlaces = 9;  // the lines below count distances beyond

std::string Show(const Case& c) {
  return "heads " + std::to_string(c.heads) + "/" + std::to_string(c.kv_heads) + ", widths " +
         std::to_string(c.k_width) + ", " + std::to_string(c.v_width) + ", window " +
         std::to_string(c.window) + (c.causal ? ", causal" : "") + ", distance " +
         std::to_string(static_cast<int>(c.distance));
}

struct Parameters {
  float scale = 1;
  std::vector<int32_t> row;
  Matrix bias;
  std::vector<Row> position_k, position_q;
};

double Dot(const Row& a, int64_t a_at, const Row& b, int64_t b_at, int32_t n) {
  double sum = 0;
  for (int32_t i = 0; i < n; ++i) sum += a[a_at + i] * b[b_at + i];
  return sum;
}

/// ops.h's formula for the row at `position` of a sequence, from its comment.
Row DefineWhole(const Case& c, const Parameters& with, const Row& q, const std::vector<Row>& k,
                const std::vector<Row>& v, int32_t position) {
  Row o(int64_t{c.heads} * c.v_width, 0);
  const auto rows = static_cast<int32_t>(k.size());
  for (int32_t h = 0; h < c.heads; ++h) {
    const int32_t g = h / (c.heads / c.kv_heads), at = h * c.k_width;
    Row weight(rows, 0);
    double sum = 0;
    for (int32_t p = 0; p < rows; ++p) {
      const int32_t d = position - p;
      if ((c.causal && d < 0) || (c.window > 0 && std::abs(d) >= c.window)) continue;
      double score = with.scale * Dot(q, at, k[p], g * c.k_width, c.k_width);
      const int32_t r = with.row[std::min(std::max(d, -kReach), kReach) + kReach];
      if (c.distance == Distance::kBias) score += with.bias.values[r * c.heads + h];
      if (c.distance == Distance::kPlaces) {
        score += with.scale * Dot(q, at, with.position_k[r], at, c.k_width);
        score += with.scale * Dot(k[p], at, with.position_q[r], at, c.k_width);
      }
      sum += weight[p] = std::exp(score);
    }
    for (int32_t p = 0; p < rows; ++p) {
      for (int32_t i = 0; i < c.v_width; ++i) {
        o[h * c.v_width + i] += weight[p] / sum * v[p][g * c.v_width + i];
      }
    }
  }
  return o;
}

class Sequences : public testing::TestWithParam<BackendCase> {
 protected:
  double Tolerance() const { return GetParam().name == "ref" ? 2e-6 : 2e-5; }
};

TEST_P(Sequences, AttendsBothWays) {
  int number = 0;
  for (const Case& c : kCases) {
    SCOPED_TRACE(Show(c));
    std::mt19937 random(number++);
    const Texts texts({1, 40, 3, 163, 32, 65});
    Bench bench(GetParam(), texts.rows());
    ProgramOf::Body fill;
    const std::vector<Row> q = RandomRows(random, texts.rows(), int64_t{c.heads} * c.k_width);
    const std::vector<Row> k = RandomRows(random, texts.rows(), int64_t{c.kv_heads} * c.k_width);
    const std::vector<Row> v = RandomRows(random, texts.rows(), int64_t{c.kv_heads} * c.v_width);
    Parameters with;
    with.scale = 1.5f / std::sqrt(static_cast<float>(c.k_width));
    for (int32_t d = -kReach; d <= kReach; ++d) with.row.push_back(random() % kPlaces);
    RelativePositions relative{with.row};
    if (c.distance == Distance::kBias) {
      with.bias = RandomMatrix(random, Format::kF32, 1, int64_t{kPlaces} * c.heads, 1);
      relative.bias = bench.Put(with.bias, WeightUse::kVector);
    } else if (c.distance == Distance::kPlaces) {
      with.position_k = RandomRows(random, kPlaces, int64_t{c.heads} * c.k_width);
      with.position_q = RandomRows(random, kPlaces, int64_t{c.heads} * c.k_width);
      // Filled by a step of their own: the one below has more rows.
      ProgramOf::Body places;
      relative.position_k = bench.NewActivation(with.position_k, &places);
      relative.position_q = bench.NewActivation(with.position_q, &places);
      bench.Run(kPlaces, places);
    }
    const AttendArgs args = {.q = bench.NewActivation(q, &fill),
                             .heads = c.heads,
                             .kv = {c.kv_heads, c.k_width, c.v_width},
                             .scale = with.scale,
                             .window = c.window,
                             .o = bench.NewActivation(texts.rows(), int64_t{c.heads} * c.v_width),
                             .k = bench.NewActivation(k, &fill),
                             .v = bench.NewActivation(v, &fill),
                             .causal = c.causal,
                             .relative = c.distance == Distance::kNothing ? nullptr : &relative};
    texts.Run(bench, [&](Ops& ops, const Step& s) {
      fill(ops, s);
      ops.Attend(args, s);
    });
    std::vector<Row> expected;
    for (size_t s = 0; s + 1 < texts.row_begin.size(); ++s) {
      const auto begin = texts.row_begin[s], end = texts.row_begin[s + 1];
      const std::vector<Row> keys(k.begin() + begin, k.begin() + end);
      const std::vector<Row> values(v.begin() + begin, v.begin() + end);
      for (int32_t t = begin; t < end; ++t) {
        expected.push_back(DefineWhole(c, with, q[t], keys, values, t - begin));
      }
    }
    ExpectNear(bench.Read(*args.o, texts.rows()), expected, Tolerance());
  }
}

TEST_P(Sequences, EmbedsSegmentsAndPlacesAndNorms) {
  std::mt19937 random(5);
  for (bool segments : {false, true}) {
    for (Norm::Kind kind : {Norm::Kind::kNone, Norm::Kind::kLayer}) {
      const Texts texts({7, 1, 30});
      const int64_t cols = 45;
      Bench bench(GetParam());
      const Matrix table = RandomMatrix(random, Format::kF32, 50, cols, 1),
                   places = RandomMatrix(random, Format::kF32, 40, cols, 1),
                   kinds = RandomMatrix(random, Format::kF32, 2, cols, 1);
      NormCase norm{kind, {}, {}, 1e-6f};
      if (kind == Norm::Kind::kLayer) {
        norm.gain = RandomMatrix(random, Format::kF32, 1, cols, 0.3f, 1);
        norm.bias = RandomMatrix(random, Format::kF32, 1, cols, 0.3f);
      }
      const EmbedArgs args = {.table = bench.Put(table, WeightUse::kTable),
                              .positions = bench.Put(places, WeightUse::kTable),
                              .scale = 0.5f,
                              .x = bench.NewActivation(texts.rows(), cols),
                              .first_position = 2,
                              .segments = segments ? bench.Put(kinds, WeightUse::kTable) : nullptr,
                              .norm = bench.PutNorm(norm)};
      texts.Run(bench, [&](Ops& ops, const Step& s) { ops.Embed(args, s); });
      std::vector<Row> expected;
      for (int32_t t = 0; t < texts.rows(); ++t) {
        Row x(cols);
        for (int64_t i = 0; i < cols; ++i) {
          x[i] = 0.5 * table.values[t * cols + i] +
                 places.values[(2 + texts.positions[t]) * cols + i] +
                 (segments ? kinds.values[texts.segments[t] * cols + i] : 0);
        }
        expected.push_back(DefineNorm(norm, x));
      }
      ExpectNear(bench.Read(*args.x, texts.rows()), expected, Tolerance());
    }
  }
}

TEST_P(Sequences, Pools) {
  std::mt19937 random(6);
  const Texts texts({9, 1, 50, 4});
  for (int64_t cols : {1, 13, 64}) {
    for (Norm::Kind kind : {Norm::Kind::kNone, Norm::Kind::kRms}) {
      for (Pooling pooling :
           {Pooling::kNone, Pooling::kMean, Pooling::kFirst, Pooling::kLast, Pooling::kMax}) {
        SCOPED_TRACE(static_cast<int>(pooling));
        Bench bench(GetParam());
        ProgramOf::Body fill;
        const NormCase norm{kind, {}, {}, 1e-6f};
        const std::vector<Row> x = RandomRows(random, texts.rows(), cols);
        const PoolArgs args = {.x = bench.NewActivation(x, &fill),
                               .norm = bench.PutNorm(norm),
                               .pooling = pooling,
                               .y = bench.NewActivation(texts.rows(), cols)};
        texts.Run(bench, [&](Ops& ops, const Step& s) {
          fill(ops, s);
          ops.Pool(args, s);
        });
        std::vector<Row> normed, expected;
        for (const Row& row : x) normed.push_back(DefineNorm(norm, row));
        for (size_t s = 0; s + 1 < texts.row_begin.size(); ++s) {
          const auto begin = texts.row_begin[s], end = texts.row_begin[s + 1];
          Row y = pooling == Pooling::kLast ? normed[end - 1] : normed[begin];
          for (int32_t t = begin + 1; t < end; ++t) {
            for (int64_t i = 0; i < cols; ++i) {
              if (pooling == Pooling::kMean) y[i] += normed[t][i];
              if (pooling == Pooling::kMax) y[i] = std::max(y[i], normed[t][i]);
            }
          }
          if (pooling == Pooling::kMean) {
            for (double& value : y) value /= end - begin;
          }
          expected.push_back(y);
        }
        if (pooling == Pooling::kNone) expected = normed;
        const auto lines = static_cast<int64_t>(expected.size());
        ExpectNear(bench.Read(*args.y, lines), expected, Tolerance());
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Sequences, testing::ValuesIn(Backends()),
                         [](const auto& info) { return info.param.name; });

using SequenceWeights = OpTest;

TEST_P(SequenceWeights, QkvLeavesRowsWhereAskedTo) {
  std::mt19937 random(8);
  for (int32_t pairs : {0, 4}) {
    const Texts texts({5, 33, 1});
    Bench bench(backend());
    ProgramOf::Body fill;
    const int64_t width = Cols(2, 48);
    const float spread = 1.7f / std::sqrt(static_cast<float>(width));
    const Matrix wq = RandomMatrix(random, format(), 36, width, spread),
                 wk = RandomMatrix(random, format(), 18, width, spread),
                 wv = RandomMatrix(random, format(), 14, width, spread),
                 bk = RandomMatrix(random, Format::kF32, 1, 18, 0.5f);
    const std::vector<Row> x = RandomRows(random, texts.rows(), width);
    Rope rope;
    for (int32_t p = 0; p < pairs; ++p) rope.inverse_frequency.push_back(1.0f / (1 + 3 * p));
    const QkvArgs args = {.x = bench.NewActivation(x, &fill),
                          .wq = bench.PutLinear(wq, {}),
                          .wk = bench.PutLinear(wk, bk),
                          .wv = bench.PutLinear(wv, {}),
                          .rope = pairs > 0 ? &rope : nullptr,
                          .heads = 4,
                          .kv = {2, 9, 7},
                          .q = bench.NewActivation(texts.rows(), 36),
                          .k = bench.NewActivation(texts.rows(), 18),
                          .v = bench.NewActivation(texts.rows(), 14)};
    texts.Run(bench, [&](Ops& ops, const Step& s) {
      fill(ops, s);
      ops.Qkv(args, s);
    });
    std::vector<Row> q, k, v;
    for (int32_t t = 0; t < texts.rows(); ++t) {
      q.push_back(DefineLinear(wq, {}, x[t]));
      k.push_back(DefineLinear(wk, bk, x[t]));
      v.push_back(DefineLinear(wv, {}, x[t]));
      for (size_t at = 0; at < 36; at += 9) DefineRope(rope, texts.positions[t], &q[t][at]);
      for (size_t at = 0; at < 18; at += 9) DefineRope(rope, texts.positions[t], &k[t][at]);
    }
    ExpectNear(bench.Read(*args.q, texts.rows()), q, Tolerance(2));
    ExpectNear(bench.Read(*args.k, texts.rows()), k, Tolerance(2));
    ExpectNear(bench.Read(*args.v, texts.rows()), v, Tolerance(2));
  }
}

TEST_P(SequenceWeights, SumsAreNormed) {
  std::mt19937 random(9);
  for (int32_t rows : {1, 6, 50}) {
    const int64_t in_cols = Cols(1, 40), cols = 27;
    const Matrix w = RandomMatrix(random, format(), cols, in_cols, 0.3f);
    const NormCase norm{Norm::Kind::kLayer, RandomMatrix(random, Format::kF32, 1, cols, 0.3f, 1),
                        RandomMatrix(random, Format::kF32, 1, cols, 0.3f), 1e-6f};
    const std::vector<Row> in = RandomRows(random, rows, in_cols);
    const std::vector<Row> x = RandomRows(random, rows, cols);
    Bench bench(backend());
    ProgramOf::Body fill;
    const ProjAddArgs args = {.in = bench.NewActivation(in, &fill),
                              .w = bench.PutLinear(w, {}),
                              .scale = 0.5f,
                              .x = bench.NewActivation(x, &fill),
                              .norm = bench.PutNorm(norm)};
    bench.Run(rows, [&](Ops& ops, const Step& s) {
      fill(ops, s);
      ops.ProjAdd(args, s);
    });
    std::vector<Row> expected;
    for (int32_t t = 0; t < rows; ++t) {
      Row sum = DefineLinear(w, {}, in[t]);
      for (int64_t i = 0; i < cols; ++i) sum[i] = x[t][i] + 0.5 * sum[i];
      expected.push_back(DefineNorm(norm, sum));
    }
    ExpectNear(bench.Read(*args.x, rows), expected, Tolerance(2));
  }
}

TEST_P(SequenceWeights, DenseOfRowsAndOfSequences) {
  std::mt19937 random(10);
  const Texts texts({4, 1, 20, 2, 9});
  int turn = 0;
  for (bool pooled : {false, true}) {
    for (Activate act : {Activate::kNone, Activate::kTanh, Activate::kGelu}) {
      const int64_t in_cols = Cols(2, 40), cols = 21;
      const int32_t rows = pooled ? 5 : texts.rows();
      const Matrix w =
          RandomMatrix(random, format(), cols, in_cols, 2 / std::sqrt(static_cast<float>(in_cols)));
      const Matrix b = turn++ % 2 ? RandomMatrix(random, Format::kF32, 1, cols, 0.5f) : Matrix();
      const NormCase norm{turn % 2 ? Norm::Kind::kNone : Norm::Kind::kLayer, {}, {}, 1e-6f};
      const std::vector<Row> x = RandomRows(random, texts.rows(), in_cols);
      Bench bench(backend());
      ProgramOf::Body fill;
      const DenseArgs args = {.x = bench.NewActivation(x, &fill),
                              .norm = bench.PutNorm(norm),
                              .w = bench.PutLinear(w, b),
                              .act = act,
                              .pooled = pooled,
                              .y = bench.NewActivation(texts.rows(), cols)};
      texts.Run(bench, [&](Ops& ops, const Step& s) {
        fill(ops, s);
        ops.Dense(args, s);
      });
      std::vector<Row> expected;
      for (int32_t t = 0; t < rows; ++t) {
        expected.push_back(DefineLinear(w, b, DefineNorm(norm, x[t])));
        for (double& y : expected.back()) y = DefineActivate(act, y);
      }
      ExpectNear(bench.Read(*args.y, rows), expected, Tolerance(2), 0.5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SequenceWeights,
                         testing::Combine(testing::ValuesIn(Backends()),
                                          testing::ValuesIn(AllFormats().begin(),
                                                            AllFormats().end())),
                         NameOf);

}  // namespace
}  // namespace erato::test
