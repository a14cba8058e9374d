// What op tests need around an op: every backend, parameters uploaded, activations with given
// contents, steps of many sequences, and a comparison that knows how exact a backend is with a
// format.
#ifndef ERATO_TESTS_OPS_HARNESS_H_
#define ERATO_TESTS_OPS_HARNESS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "core/ops/ops.h"
#include "gtest/gtest.h"
#include "tests/ops/definition.h"

namespace erato::test {

struct BackendCase {
  std::string name;  // "ref", "cpu_avx2"
  std::function<absl::StatusOr<std::unique_ptr<Backend>>()> make;
};
void PrintTo(const BackendCase& backend, std::ostream* out);
/// All that this machine can run.
std::vector<BackendCase> Backends();

/// A test body runs once for each backend and weight format.
using OpParam = std::tuple<BackendCase, Format>;
std::string NameOf(const testing::TestParamInfo<OpParam>& info);
class OpTest : public testing::TestWithParam<OpParam> {
 protected:
  const BackendCase& backend() const { return std::get<0>(GetParam()); }
  Format format() const { return std::get<1>(GetParam()); }
  /// A number of columns for `format`: `blocks` blocks, or where blocks are single values `odd`.
  int64_t Cols(int blocks, int64_t odd) const;
  /// Root of the mean squared error that is allowed, in units of the root mean square of what is
  /// expected. `noise`: how many roundings of activations to int8 lie on the way (where there are
  /// any); `cached`: whether it went through the cache, which may be float16.
  double Tolerance(int noise, bool cached = false) const;
};

class ProgramOf final : public Program {
 public:
  using Body = std::function<void(Ops&, const Step&)>;
  explicit ProgramOf(Body body) : body_(std::move(body)) {}
  void Forward(Ops& ops, const Step& step) const override { body_(ops, step); }

 private:
  Body body_;
};

/// A backend with what a test put there.
class Bench {
 public:
  explicit Bench(const BackendCase& backend, int64_t max_rows = 128, int64_t max_cols = 2048,
                 int64_t max_head = 512);

  Backend& backend() { return *backend_; }
  const Weight* Put(const Matrix& m, WeightUse use = WeightUse::kMatrix);  // empty = null
  Linear PutLinear(const Matrix& w, const Matrix& b);
  Norm PutNorm(const NormCase& norm);
  /// An activation, and the phase that fills its first rows with `rows`.
  Activation* NewActivation(int64_t rows, int64_t cols);
  Activation* NewActivation(const std::vector<Row>& rows, ProgramOf::Body* fill);
  std::vector<Row> Read(const Activation& from, int64_t rows);
  /// Runs phases over a step of `rows` rows of one sequence that needs no cache.
  void Run(int32_t rows, const ProgramOf::Body& body);

 private:
  std::unique_ptr<Backend> backend_;
  std::vector<std::unique_ptr<Weight>> weights_;
  std::vector<std::unique_ptr<Activation>> activations_;
};

/// Random rows [rows, cols], each of another loudness.
std::vector<Row> RandomRows(std::mt19937& random, int64_t rows, int64_t cols);
/// Root mean square error at most `tolerance`, every error at most 6 times that, both in units of
/// the root mean square of `expected`, or of `least` where sums happen to cancel.
void ExpectNear(const std::vector<Row>& got, const std::vector<Row>& expected, double tolerance,
                double least = 0);

}  // namespace erato::test

#endif  // ERATO_TESTS_OPS_HARNESS_H_
