// Qkv and Attend of every backend with every weight format: chunked prompts and single tokens of
// many sequences in one step, over a paged cache, against a definition that knows no pages.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "tests/ops/harness.h"

namespace erato::test {
namespace {

/// Everything that one case of attention is made of.
struct Case {
  int32_t heads, kv_heads, k_width, v_width, window;
  int32_t pairs;  // of rope; 0 = none
  Rope::Pairing pairing = Rope::Pairing::kHalf;
  bool bias = false, qk_norm = false;
  Norm::Kind norm = Norm::Kind::kRms;
};

constexpr auto kHalf = Rope::Pairing::kHalf;
constexpr auto kInterleaved = Rope::Pairing::kInterleaved;
const Case kCases[] = {
    {1, 1, 2, 2, 0, 1, kHalf},
    {4, 2, 16, 16, 0, 8, kHalf},
    {9, 3, 64, 64, 0, 32, kInterleaved, true},
    {4, 1, 32, 32, 8, 16, kHalf, false, true},
    {3, 3, 20, 12, 5, 4, kHalf, true, false, Norm::Kind::kLayer},
    {8, 1, 6, 10, 1, 2, kInterleaved, false, false, Norm::Kind::kNone},
    {4, 4, 80, 80, 33, 0, kHalf, true, true},
    {2, 1, 128, 128, 40, 64, kHalf, false, true},
    {4, 1, 256, 256, 0, 128, kHalf, false, true},
};

/// Rows that a step gives to each sequence; a sequence that gets none is not in the step.
const std::vector<std::vector<int32_t>> kSteps = {{5, 40, 0}, {1, 7, 3},  {1, 1, 1},
                                                  {0, 0, 31}, {33, 1, 0}, {1, 1, 1}};

std::string Show(const Case& c) {
  return "heads " + std::to_string(c.heads) + "/" + std::to_string(c.kv_heads) + ", widths " +
         std::to_string(c.k_width) + ", " + std::to_string(c.v_width) + ", window " +
         std::to_string(c.window) + ", pairs " + std::to_string(c.pairs);
}

/// Owns the arrays of a Step and gives blocks out, scattered, as sequences grow.
class Sequences {
 public:
  Sequences(KvPool& pool, int32_t count, uint32_t seed) : pool_(pool), lengths_(count) {
    tables_.resize(count);
    random_.seed(seed);
  }
  int32_t length(int32_t s) const { return lengths_[s]; }

  /// The next step: rows[s] more rows of sequence s, with ids 0, 1, 2 ….
  Step Next(const std::vector<int32_t>& rows) {
    ids_.clear();
    positions_.clear();
    row_begin_ = {0};
    Step step;
    for (size_t s = 0; s < rows.size(); ++s) {
      if (rows[s] == 0) continue;
      for (int32_t i = 0; i < rows[s]; ++i) {
        ids_.push_back(static_cast<int32_t>(ids_.size()));
        positions_.push_back(lengths_[s]++);
      }
      row_begin_.push_back(static_cast<int32_t>(ids_.size()));
      while (static_cast<int32_t>(tables_[s].size()) * KvPool::block_tokens < lengths_[s]) {
        tables_[s].push_back(TakeBlock());
      }
      step.blocks.push_back(tables_[s]);
    }
    step.ids = ids_;
    step.positions = positions_;
    step.row_begin = row_begin_;
    step.kv = &pool_;
    return step;
  }

 private:
  int32_t TakeBlock() {
    if (free_.empty()) {
      const int32_t before = pool_.blocks();
      EXPECT_TRUE(pool_.Grow(before + 4).ok());
      EXPECT_EQ(pool_.blocks(), before + 4);
      for (int32_t b = before; b < before + 4; ++b) free_.push_back(b);
      std::shuffle(free_.begin(), free_.end(), random_);
    }
    const int32_t block = free_.back();
    free_.pop_back();
    return block;
  }

  KvPool& pool_;
  std::vector<int32_t> lengths_, ids_, positions_, row_begin_, free_;
  std::vector<std::vector<int32_t>> tables_;
  std::mt19937 random_;
};

/// One layer of random parameters, as ops take them and as the definition does.
class Layer {
 public:
  Layer(Bench& bench, const Case& c, Format format, int64_t width, int32_t index,
        std::mt19937& random)
      : c_(c),
        // Caches of both kinds share a block; a case over float32 weights has a wide one.
        spec_{c.kv_heads, c.k_width, c.v_width, (format == Format::kF32) != (index == 0)} {
    // Scores of about one and a half: neither uniform nor a single winner.
    const float spread = 1.7f / std::sqrt(static_cast<float>(width));
    const auto matrix = [&](int64_t rows) {
      return RandomMatrix(random, format, rows, width, spread);
    };
    const auto bias = [&](int64_t n) {
      return c.bias ? RandomMatrix(random, Format::kF32, 1, n, 0.3f) : Matrix();
    };
    const auto gain = [&](int64_t n) { return RandomMatrix(random, Format::kF32, 1, n, 0.3f, 1); };
    wq_ = matrix(int64_t{c.heads} * c.k_width);
    wk_ = matrix(int64_t{c.kv_heads} * c.k_width);
    wv_ = matrix(int64_t{c.kv_heads} * c.v_width);
    bq_ = bias(wq_.rows);
    bk_ = bias(wk_.rows);
    bv_ = bias(wv_.rows);
    norm_ = {c.norm, c.norm == Norm::Kind::kNone ? Matrix() : gain(width),
             c.norm == Norm::Kind::kLayer ? bias(width) : Matrix(), 1e-5f};
    if (c.qk_norm) {
      q_norm_ = {Norm::Kind::kRms, gain(c.k_width), {}, 1e-6f};
      k_norm_ = {Norm::Kind::kRms, gain(c.k_width), {}, 1e-6f};
    }
    rope_.pairing = c.pairing;
    rope_.magnitude = 1.1f;
    for (int32_t p = 0; p < c.pairs; ++p) {
      rope_.inverse_frequency.push_back(static_cast<float>(std::pow(50.0, -double(p) / c.pairs)));
    }
    scale_ = static_cast<float>(1 / std::sqrt(static_cast<double>(c.k_width)));
    qkv_ = {.norm = bench.PutNorm(norm_),
            .wq = bench.PutLinear(wq_, bq_),
            .wk = bench.PutLinear(wk_, bk_),
            .wv = bench.PutLinear(wv_, bv_),
            .q_norm = bench.PutNorm(q_norm_),
            .k_norm = bench.PutNorm(k_norm_),
            .rope = c.pairs > 0 ? &rope_ : nullptr,
            .heads = c.heads,
            .kv = spec_,
            .layer = index};
    attend_ = {.heads = c.heads, .kv = spec_, .layer = index, .scale = scale_, .window = c.window};
  }
  Layer(const Layer&) = delete;

  QkvArgs Qkv(const Activation* x, Activation* q) const {
    QkvArgs args = qkv_;
    args.x = x;
    args.q = q;
    return args;
  }
  AttendArgs Attend(const Activation* q, Activation* o) const {
    AttendArgs args = attend_;
    args.q = q;
    args.o = o;
    return args;
  }

  /// q of a row whose sequence so far is `history`, which gets the row's k and v.
  Row Define(const Row& x, int64_t position, History& history) const {
    const Row n = DefineNorm(norm_, x);
    Row q = Heads(DefineLinear(wq_, bq_, n), q_norm_, position);
    history.keys.push_back(Heads(DefineLinear(wk_, bk_, n), k_norm_, position));
    history.values.push_back(DefineLinear(wv_, bv_, n));
    return q;
  }
  Row DefineAttended(const Row& q, const History& history, int64_t position) const {
    return DefineAttend(q, history, position, c_.heads, spec_, scale_, c_.window);
  }
  const KvLayerSpec& spec() const { return spec_; }
  int64_t q_cols() const { return wq_.rows; }
  int64_t o_cols() const { return int64_t{c_.heads} * c_.v_width; }

 private:
  Row Heads(Row all, const NormCase& norm, int64_t position) const {
    for (size_t at = 0; at < all.size(); at += c_.k_width) {
      const Row head = DefineNorm(norm, Row(all.begin() + at, all.begin() + at + c_.k_width));
      std::copy(head.begin(), head.end(), all.begin() + at);
      DefineRope(rope_, position, &all[at]);
    }
    return all;
  }

  Case c_;
  KvLayerSpec spec_;
  Matrix wq_, wk_, wv_, bq_, bk_, bv_;
  NormCase norm_, q_norm_, k_norm_;
  Rope rope_;
  float scale_ = 1;
  QkvArgs qkv_;
  AttendArgs attend_;
};

using Attention = OpTest;

TEST_P(Attention, ManySequencesInOneStep) {
  int number = 0;
  for (const Case& c : kCases) {
    // Float32 goes through all; a case meets every third of the other formats.
    ++number;
    if (format() != Format::kF32 && (number + static_cast<int>(format())) % 3 != 0) continue;
    SCOPED_TRACE(Show(c));
    std::mt19937 random(100 + number);
    Bench bench(backend());
    const int64_t width = Cols(1, 48);
    // Two layers of different shapes share a block; the case is the second.
    const Case other = {2, 1, 10, 14, 0, 5};
    const Layer first(bench, other, format(), width, 0, random);
    const Layer layer(bench, c, format(), width, 1, random);
    const std::vector<KvLayerSpec> specs = {first.spec(), layer.spec()};
    auto pool = bench.backend().NewKvPool(specs);
    ASSERT_TRUE(pool.ok()) << pool.status();
    EXPECT_GT((*pool)->block_bytes(), 0u);
    Sequences sequences(**pool, 3, number);
    std::vector<History> histories(3);
    for (const std::vector<int32_t>& rows : kSteps) {
      int32_t count = 0;
      for (int32_t n : rows) count += n;
      const std::vector<Row> in = RandomRows(random, count, width);
      ProgramOf::Body fill;
      const Activation* x = bench.NewActivation(in, &fill);
      Activation* first_q = bench.NewActivation(count, first.q_cols());
      Activation* q = bench.NewActivation(count, layer.q_cols());
      Activation* o = bench.NewActivation(count, layer.o_cols());
      const Step step = sequences.Next(rows);
      const ProgramOf program([&](Ops& ops, const Step& s) {
        fill(ops, s);
        ops.Qkv(first.Qkv(x, first_q), s);
        ops.Qkv(layer.Qkv(x, q), s);
        ops.Attend(layer.Attend(q, o), s);
      });
      const absl::Status ran = bench.backend().Run(program, step);
      ASSERT_TRUE(ran.ok()) << ran;
      std::vector<Row> expected_q, expected_o;
      size_t t = 0;
      for (size_t s = 0; s < rows.size(); ++s) {
        for (int32_t i = 0; i < rows[s]; ++i, ++t) {
          const int64_t p = sequences.length(s) - rows[s] + i;
          expected_q.push_back(layer.Define(in[t], p, histories[s]));
          expected_o.push_back(layer.DefineAttended(expected_q.back(), histories[s], p));
        }
      }
      ExpectNear(bench.Read(*q, count), expected_q, Tolerance(3), 0.3);
      ExpectNear(bench.Read(*o, count), expected_o, Tolerance(5, /*cached=*/!layer.spec().wide),
                 0.3);
    }
  }
}

// A run that was stopped leaves earlier cache rows as they were: the step repeated gives what it
// would have given.
TEST_P(Attention, StoppedStepCanBeRepeated) {
  const Case c = {4, 2, 16, 16, 0, 8, kHalf};
  std::vector<std::vector<Row>> answers;
  for (bool stopped_before : {false, true}) {
    std::mt19937 random(7);
    Bench bench(backend());
    const int64_t width = Cols(1, 40);
    const Layer layer(bench, c, format(), width, 0, random);
    auto pool = bench.backend().NewKvPool({layer.spec()});
    ASSERT_TRUE(pool.ok()) << pool.status();
    Sequences sequences(**pool, 1, 1);
    std::vector<std::vector<Row>> outputs;
    for (int32_t count : {35, 6}) {
      const std::vector<Row> in = RandomRows(random, count, width);
      ProgramOf::Body fill;
      const Activation* x = bench.NewActivation(in, &fill);
      Activation* q = bench.NewActivation(count, layer.q_cols());
      Activation* o = bench.NewActivation(count, layer.o_cols());
      Step step = sequences.Next({count});
      std::atomic<bool> stop = false;
      step.stop = &stop;
      const auto body = [&](Ops& ops, const Step& s) {
        fill(ops, s);
        ops.Qkv(layer.Qkv(x, q), s);
        if (ops.Stopped(s)) return;
        ops.Attend(layer.Attend(q, o), s);
      };
      if (stopped_before && count == 6) {
        stop = true;
        EXPECT_TRUE(absl::IsCancelled(bench.backend().Run(ProgramOf(body), step)));
        stop = false;
      }
      const absl::Status ran = bench.backend().Run(ProgramOf(body), step);
      ASSERT_TRUE(ran.ok()) << ran;
      outputs.push_back(bench.Read(*o, count));
    }
    answers.push_back(outputs.back());
  }
  EXPECT_EQ(answers[0], answers[1]);
}

INSTANTIATE_TEST_SUITE_P(All, Attention,
                         testing::Combine(testing::ValuesIn(Backends()),
                                          testing::ValuesIn(AllFormats().begin(),
                                                            AllFormats().end())),
                         NameOf);

}  // namespace
}  // namespace erato::test
