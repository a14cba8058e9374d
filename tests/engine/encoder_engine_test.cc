// EncoderEngine over a fake model whose vectors are arithmetic: steps, errors, stops, many threads.
#include "core/engine/encoder_engine.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace erato {
namespace {

constexpr int32_t kWidth = 3, kContext = 20, kVocabulary = 50, kPoison = 49;

struct Lines final : Activation {
  std::vector<float> values;
};

/// A row's vector is (id, position, segment); that of a sequence is their sum.
class FakeEncoder final : public EncoderModel {
 public:
  struct Task final : Program {
    Pooling pooling = Pooling::kNone;
    void Forward(Ops&, const Step&) const override {}
  };
  FakeEncoder() {
    lines_.cols = kWidth;
    for (int i = 0; i < 5; ++i) tasks_[i].pooling = static_cast<Pooling>(i);
  }
  int32_t vocabulary() const override { return kVocabulary; }
  int32_t context_length() const override { return kContext; }
  int32_t segments() const override { return 2; }
  int32_t width() const override { return kWidth; }
  int32_t row_width() const override { return kWidth; }
  int32_t labels() const override { return labelled ? kWidth : 0; }
  bool labels_tokens() const override { return false; }
  LabelMeaning label_meaning() const override { return LabelMeaning::kOneOfAll; }
  Pooling pooling() const override { return Pooling::kMean; }
  bool normalises() const override { return false; }
  absl::Status Reserve(int32_t rows) override {
    if (!reserve.ok()) return reserve;
    rows_ = std::max(rows_, rows);
    return absl::OkStatus();
  }
  int32_t max_rows() const override { return rows_; }
  const Program& Embedding(Pooling pooling) const override {
    return tasks_[static_cast<int>(pooling)];
  }
  const Program* Labelling() const override { return labelled ? &tasks_[1] : nullptr; }
  const Activation& vectors(Pooling) const override { return lines_; }
  const Activation& label_scores() const override { return lines_; }
  Lines& lines() { return lines_; }

  bool labelled = false;
  absl::Status reserve;

 private:
  int32_t rows_ = 0;
  Task tasks_[5];
  Lines lines_;
};

class FakeBackend final : public Backend {
 public:
  explicit FakeBackend(FakeEncoder& model) : model_(model) {}
  absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor&, WeightUse) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t, int64_t) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec>) override {
    return absl::UnimplementedError("");
  }
  absl::Status Reserve(int64_t, int64_t, int64_t) override { return absl::OkStatus(); }
  int64_t WeightBytes(const HostTensor&, WeightUse) const override { return 0; }
  int64_t ScratchBytes(int64_t, int64_t, int64_t) const override { return 0; }
  std::string Describe() const override { return "fake"; }

  absl::Status Run(const Program& program, const Step& step) override {
    if (busy_.exchange(true)) ++overlaps;
    if (on_run) on_run(step);
    if (step.rows() > model_.max_rows()) ++overflows;
    steps.push_back({});
    const bool by_row = static_cast<const FakeEncoder::Task&>(program).pooling == Pooling::kNone;
    std::vector<float>& out = model_.lines().values;
    out.assign(static_cast<size_t>(by_row ? step.rows() : step.sequences()) * kWidth, 0);
    for (int32_t s = 0; s < step.sequences(); ++s) {
      steps.back().push_back(step.row_begin[s + 1] - step.row_begin[s]);
      for (int32_t t = step.row_begin[s]; t < step.row_begin[s + 1]; ++t) {
        float* line = &out[(by_row ? t : s) * kWidth];
        const bool poison = step.ids[t] == kPoison;
        line[0] += poison ? std::numeric_limits<float>::infinity() : step.ids[t];
        line[1] += step.positions[t];
        line[2] += step.segments.empty() ? 0 : step.segments[t];
      }
    }
    const bool stopped = step.stop != nullptr && *step.stop;
    busy_ = false;
    return stopped ? absl::CancelledError("[fake] run") : absl::OkStatus();
  }
  void Read(const Activation& from, int64_t row, int64_t rows, float* out) const override {
    const auto& values = static_cast<const Lines&>(from).values;
    std::copy_n(values.begin() + row * kWidth, rows * kWidth, out);
  }

  std::function<void(const Step&)> on_run;
  std::vector<std::vector<int32_t>> steps;  // lengths of each step's sequences
  int overlaps = 0, overflows = 0;

 private:
  FakeEncoder& model_;
  std::atomic<bool> busy_{false};
};

using Texts = std::vector<std::vector<int32_t>>;

std::vector<EncoderInput> InputsOf(const Texts& texts) {
  std::vector<EncoderInput> inputs;
  for (const auto& text : texts) inputs.push_back({text});
  return inputs;
}

std::vector<float> SumsOf(const Texts& texts) {
  std::vector<float> out;
  for (const auto& text : texts) {
    float ids = 0, positions = 0;
    for (size_t p = 0; p < text.size(); ++p) {
      ids += static_cast<float>(text[p]);
      positions += static_cast<float>(p);
    }
    out.insert(out.end(), {ids, positions, 0});
  }
  return out;
}

class EncoderEngineTest : public testing::Test {
 protected:
  absl::Status Embed(const Texts& texts, const EmbedOptions& options = {},
                     const EncodeLimits& limits = {}) {
    out_.assign(1000, -1);
    return engine_.Embed(InputsOf(texts), options, limits, out_.data());
  }
  FakeEncoder model_;
  FakeBackend backend_{model_};
  EncoderEngine engine_{&model_, &backend_, 8};
  std::vector<float> out_;
};

TEST_F(EncoderEngineTest, WholeSequencesInStepsOfBoundedSize) {
  const Texts texts = {{1, 2, 3}, {4, 5, 6, 7, 8}, {9}, std::vector<int32_t>(13, 2), {3}, {4}};
  ASSERT_TRUE(Embed(texts).ok());
  const std::vector<float> expected = SumsOf(texts);
  EXPECT_EQ(std::vector<float>(out_.begin(), out_.begin() + expected.size()), expected);
  EXPECT_EQ(out_[expected.size()], -1);
  EXPECT_EQ(backend_.steps, (std::vector<std::vector<int32_t>>{{3, 5}, {1}, {13}, {1, 1}}));
  EXPECT_EQ(backend_.overflows, 0);
  EXPECT_TRUE(Embed({}).ok());
}

TEST_F(EncoderEngineTest, SegmentsAndVectorsOfTokens) {
  const std::vector<int32_t> ids = {5, 6, 7}, segments = {0, 1, 1};
  std::vector<float> out(9);
  const std::vector<EncoderInput> inputs = {{ids, segments}};
  ASSERT_TRUE(engine_.Embed(inputs, {.pooling = Pooling::kNone}, {}, out.data()).ok());
  EXPECT_EQ(out, (std::vector<float>{5, 0, 0, 6, 1, 1, 7, 2, 1}));
}

TEST_F(EncoderEngineTest, DimensionsAndLength) {
  ASSERT_TRUE(Embed({{3, 0, 0, 1}, {6, 2}}, {.normalise = true, .dimensions = 2}).ok());
  EXPECT_FLOAT_EQ(out_[0], 4 / std::sqrt(4.0f * 4 + 6 * 6));
  EXPECT_FLOAT_EQ(out_[1], 6 / std::sqrt(4.0f * 4 + 6 * 6));
  EXPECT_FLOAT_EQ(out_[2], 8 / std::sqrt(8.0f * 8 + 1));
  EXPECT_EQ(out_[4], -1);
  ASSERT_TRUE(Embed({{0}}, {.normalise = true}).ok());  // nothing to divide by
  EXPECT_EQ(out_[0], 0);
  for (int32_t wrong : {-1, 4}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Embed({{1}}, {.dimensions = wrong}))) << wrong;
  }
}

TEST_F(EncoderEngineTest, WrongInputsAreNamedAndNothingRuns) {
  using testing::HasSubstr;
  const std::vector<std::pair<Texts, const char*>> cases = {
      {{{1}, {}}, "input 1: tokens, got 0, expected 1 to 20"},
      {{std::vector<int32_t>(21, 1)}, "input 0: tokens, got 21"},
      {{{1}, {2}, {3, 50}}, "input 2: id, got 50, expected 0 to 49"},
      {{{-1}}, "input 0: id, got -1"}};
  for (const auto& [texts, message] : cases) {
    const absl::Status status = Embed(texts);
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  }
  const std::vector<int32_t> ids = {1, 2}, one = {0}, wrong = {0, 2};
  float out[3];
  for (const auto& segments : {one, wrong}) {
    const std::vector<EncoderInput> inputs = {{ids, segments}};
    EXPECT_TRUE(absl::IsInvalidArgument(engine_.Embed(inputs, {}, {}, out)));
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(engine_.Label(InputsOf({{1}}), {}, out)));
  EXPECT_TRUE(backend_.steps.empty());
}

TEST_F(EncoderEngineTest, LabelsWhereThereAreSome) {
  model_.labelled = true;
  std::vector<float> out(6);
  ASSERT_TRUE(engine_.Label(InputsOf({{4, 5}, {6}}), {}, out.data()).ok());
  EXPECT_EQ(out, SumsOf({{4, 5}, {6}}));
}

TEST_F(EncoderEngineTest, WhatIsNotFiniteIsNamedAndTheOthersAreThere) {
  const Texts texts = {{1, 2}, {kPoison}, {3}, std::vector<int32_t>(8, 1)};
  const absl::Status status = Embed(texts);
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("input 1"));
  const std::vector<float> expected = SumsOf(texts);
  for (size_t i = 0; i < expected.size(); ++i) {
    if (i == 3) continue;  // the first value of input 1
    EXPECT_EQ(out_[i], expected[i]) << i;
  }
}

TEST_F(EncoderEngineTest, WhatIsNotFiniteIsToldOfEach) {
  std::vector<size_t> not_finite = {9};
  const Texts texts = {{kPoison}, {1, 2}, {3, kPoison}, {4}};
  EXPECT_TRUE(Embed(texts, {}, {.not_finite = &not_finite}).ok());
  EXPECT_EQ(not_finite, (std::vector<size_t>{0, 2}));
  EXPECT_EQ(out_[3], 3);
  EXPECT_TRUE(Embed({{1}}, {}, {.not_finite = &not_finite}).ok());
  EXPECT_TRUE(not_finite.empty());
  // Of a token's vectors, too, and then once.
  EXPECT_TRUE(
      Embed({{1, kPoison, kPoison}}, {.pooling = Pooling::kNone}, {.not_finite = &not_finite})
          .ok());
  EXPECT_EQ(not_finite, std::vector<size_t>{0});
}

TEST_F(EncoderEngineTest, WhoWaitsForATurnSeesItsStopAndDeadline) {
  std::atomic<bool> running = false, go_on = false;
  backend_.on_run = [&](const Step&) {
    running = true;
    while (!go_on) std::this_thread::yield();
  };
  std::thread first([&] {
    std::vector<float> out(kWidth);
    const Texts texts = {{1}};
    EXPECT_TRUE(engine_.Embed(InputsOf(texts), {}, {}, out.data()).ok());
  });
  while (!running) std::this_thread::yield();
  std::atomic<bool> stop = true;
  EXPECT_TRUE(absl::IsCancelled(Embed({{1}}, {}, {.stop = &stop})));
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
  EXPECT_TRUE(absl::IsDeadlineExceeded(Embed({{1}}, {}, {.deadline = soon})));
  go_on = true;
  first.join();
  EXPECT_TRUE(Embed({{1}}).ok());
}

TEST_F(EncoderEngineTest, StopsAndDeadlines) {
  const Texts texts(10, std::vector<int32_t>(8, 1));
  std::atomic<bool> stop = false;
  backend_.on_run = [&](const Step&) { stop = backend_.steps.size() == 2; };
  EXPECT_TRUE(absl::IsCancelled(Embed(texts, {}, {.stop = &stop})));
  EXPECT_EQ(backend_.steps.size(), 3u);
  EXPECT_TRUE(absl::IsCancelled(Embed(texts, {}, {.stop = &stop})));  // before the first step
  EXPECT_EQ(backend_.steps.size(), 3u);
  backend_.on_run = nullptr;
  const auto past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_TRUE(absl::IsDeadlineExceeded(Embed(texts, {}, {.stop = nullptr, .deadline = past})));
  EXPECT_EQ(backend_.steps.size(), 3u);
  EXPECT_TRUE(Embed(texts).ok());
}

TEST_F(EncoderEngineTest, ShortageIsAnErrorAndNothingIsLost) {
  model_.reserve = absl::ResourceExhaustedError("[fake] memory");
  EXPECT_TRUE(absl::IsResourceExhausted(Embed({{1}})));
  model_.reserve = absl::OkStatus();
  EXPECT_TRUE(Embed({{1}}).ok());
}

TEST_F(EncoderEngineTest, ThreadsTakeTurns) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([this, n, &wrong] {
      Texts texts;
      for (int i = 0; i < 40; ++i) texts.emplace_back(1 + (i + n) % 7, n + 1);
      const std::vector<float> expected = SumsOf(texts);
      for (int round = 0; round < 20; ++round) {
        std::vector<float> out(expected.size());
        if (!engine_.Embed(InputsOf(texts), {}, {}, out.data()).ok() || out != expected) ++wrong[n];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
  EXPECT_EQ(backend_.overlaps, 0);
}

}  // namespace
}  // namespace erato
