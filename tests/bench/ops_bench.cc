// Time of single phases of the cpu backend beside what the machine could do at most: GB/s of
// weights or cache read, Gop/s, and both as parts of limits measured just before, in the same
// process.
//
//     ops_bench [threads] [Google Benchmark's own options]
//
// On a machine that does other work too, only the percentages mean something, and those only
// roughly.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/device.h"
#include "core/formats/format.h"
#include "tests/bench/probes.h"

namespace erato::bench {
namespace {

int g_threads = 0;

/// A backend with one phase to run. Weights are copies enough that no cache holds them all.
class Rig {
 public:
  Rig() : backend_(*NewBackend({"cpu", "auto", g_threads})) {}

  const Weight* Matrix(Format format, int64_t rows, int64_t cols) {
    const FormatInfo& info = InfoOf(format);
    std::vector<float> values(static_cast<size_t>(cols));
    std::vector<uint8_t> bytes(static_cast<size_t>(BytesOf(format, rows * cols)));
    const auto row_bytes = static_cast<size_t>(BytesOf(format, cols));
    for (float& v : values) v = normal_(random_);
    info.encode(values.data(), cols, bytes.data());
    for (int64_t r = 1; r < rows; r++)
      std::copy_n(bytes.begin(), row_bytes, bytes.begin() + r * static_cast<int64_t>(row_bytes));
    weights_.push_back(*backend_->Upload({format, rows, cols, bytes.data(), row_bytes, false},
                                         WeightUse::kMatrix));
    return weights_.back().get();
  }
  Activation* NewActivation(int64_t rows, int64_t cols) {
    activations_.push_back(*backend_->NewActivation(rows, cols));
    return activations_.back().get();
  }
  Backend& backend() { return *backend_; }

 private:
  std::unique_ptr<Backend> backend_;
  std::vector<std::unique_ptr<Weight>> weights_;
  std::vector<std::unique_ptr<Activation>> activations_;
  std::mt19937 random_{1};
  std::normal_distribution<float> normal_{0, 0.05f};
};

class Phases final : public Program {
 public:
  explicit Phases(std::function<void(Ops&, const Step&)> body) : body_(std::move(body)) {}
  void Forward(Ops& ops, const Step& step) const override { body_(ops, step); }

 private:
  std::function<void(Ops&, const Step&)> body_;
};

const Limits& Machine() {
  static const Limits limits = MeasureLimits(g_threads);
  return limits;
}

void Report(benchmark::State& state, double bytes, double ops, double op_limit) {
  using benchmark::Counter;
  const double runs = static_cast<double>(state.iterations());
  state.counters["GB/s"] = Counter(bytes * runs * 1e-9, Counter::kIsRate);
  state.counters["Gop/s"] = Counter(ops * runs * 1e-9, Counter::kIsRate);
  state.counters["%read"] =
      Counter(100 * bytes * runs * 1e-9 / Machine().read_gb_s, Counter::kIsRate);
  state.counters["%ops"] = Counter(100 * ops * runs * 1e-9 / op_limit, Counter::kIsRate);
}

/// x += W·in over a few layers' worth of matrices.
void Project(benchmark::State& state, Format format, int64_t rows, int64_t out, int64_t in) {
  Rig rig;
  const int64_t copies = std::max<int64_t>(1, (int64_t{96} << 20) / BytesOf(format, out * in));
  std::vector<const Weight*> weights;
  for (int64_t i = 0; i < copies; i++) weights.push_back(rig.Matrix(format, out, in));
  Activation *from = rig.NewActivation(rows, in), *x = rig.NewActivation(rows, out);
  if (!rig.backend().Reserve(rows, std::max(out, in), 0).ok())
    return state.SkipWithError("no memory");
  const std::vector<int32_t> ids(static_cast<size_t>(rows)),
      row_begin = {0, static_cast<int32_t>(rows)};
  Step step;
  step.ids = step.positions = ids;
  step.row_begin = row_begin;
  step.blocks.resize(1);
  const Phases program([&](Ops& ops, const Step& s) {
    for (const Weight* w : weights) ops.ProjAdd({from, {w, nullptr}, {}, 1, x}, s);
  });
  for (auto _ : state) {
    if (!rig.backend().Run(program, step).ok()) return state.SkipWithError("run failed");
  }
  const double values = static_cast<double>(copies * out * in);
  double bytes = 0;
  for (const Weight* w : weights) bytes += static_cast<double>(w->bytes);
  const bool integer = InfoOf(format).integer.group != 0;
  Report(state, bytes, 2 * values * static_cast<double>(rows),
         integer ? Machine().int8_gop_s : Machine().fma_gflop_s);
}

/// Attention of `rows` rows at the end of a context, 9 heads of 64 over 3.
void Attend(benchmark::State& state, int64_t rows, int64_t context) {
  Rig rig;
  const KvLayerSpec spec = {3, 64, 64};
  auto pool = *rig.backend().NewKvPool({spec});
  std::vector<int32_t> ids(static_cast<size_t>(rows)), positions, table,
      row_begin = {0, static_cast<int32_t>(rows)};
  for (int64_t t = 0; t < rows; t++) positions.push_back(static_cast<int32_t>(context - rows + t));
  for (int32_t b = 0; b < (context + 31) / 32; b++) table.push_back(b);
  if (!pool->Grow(static_cast<int32_t>(table.size())).ok() ||
      !rig.backend().Reserve(rows, 576, 64).ok())
    return state.SkipWithError("no memory");
  Activation *q = rig.NewActivation(rows, 576), *o = rig.NewActivation(rows, 576);
  Step step;
  step.ids = ids;
  step.positions = positions;
  step.row_begin = row_begin;
  step.blocks = {table};
  step.kv = pool.get();
  constexpr int kLayers = 10;
  const Phases program([&](Ops& ops, const Step& s) {
    for (int i = 0; i < kLayers; i++) ops.Attend({q, 9, spec, 0, 0.125f, 0, o}, s);
  });
  for (auto _ : state) {
    if (!rig.backend().Run(program, step).ok()) return state.SkipWithError("run failed");
  }
  double seen = 0;
  for (const int32_t p : positions) seen += p + 1;
  Report(state, kLayers * static_cast<double>(context) * 3 * 128 * 2, kLayers * seen * 9 * 128 * 2,
         Machine().fma_gflop_s);
}

void RegisterAll() {
  for (const Format format : AllFormats()) {
    for (const int64_t rows : {1, 8, 512}) {
      const std::string name =
          std::string("project/") + InfoOf(format).name + "/2048x2048/rows:" + std::to_string(rows);
      benchmark::RegisterBenchmark(
          name.c_str(), [=](benchmark::State& s) { Project(s, format, rows, 2048, 2048); })
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
  }
  for (const auto& [rows, context] : std::map<int64_t, int64_t>{{1, 2048}, {512, 512}}) {
    const std::string name =
        "attend/rows:" + std::to_string(rows) + "/context:" + std::to_string(context);
    benchmark::RegisterBenchmark(
        name.c_str(),
        [rows = rows, context = context](benchmark::State& s) { Attend(s, rows, context); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
}

}  // namespace
}  // namespace erato::bench

int main(int argc, char** argv) {
  using erato::bench::g_threads;
  if (argc > 1 && argv[1][0] != '-') {
    g_threads = std::atoi(argv[1]);
    argv[1] = argv[0];
    ++argv, --argc;
  }
  g_threads = g_threads > 0 ? g_threads : static_cast<int>(std::thread::hardware_concurrency());
  const erato::bench::Limits& machine = erato::bench::Machine();
  benchmark::AddCustomContext("device",
                              (*erato::NewBackend({"cpu", "auto", g_threads}))->Describe());
  benchmark::AddCustomContext("limits", std::to_string(machine.read_gb_s) + " GB/s read, " +
                                            std::to_string(machine.int8_gop_s) + " Gop/s int8, " +
                                            std::to_string(machine.fma_gflop_s) +
                                            " GFLOP/s float32");
  erato::bench::RegisterAll();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
