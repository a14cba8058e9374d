// A model whose next token is arithmetic: a hash of all tokens of the sequence as read back from
// the paged cache by the block table. A wrong table, a block given out twice, a row computed twice
// or never: any of them gives a wrong token.
#ifndef ERATO_TESTS_ENGINE_FAKE_H_
#define ERATO_TESTS_ENGINE_FAKE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace erato {

struct FakeOptions {
  int32_t vocabulary = 97;
  int32_t context_length = 300;
  int32_t max_rows = 64;
  int32_t max_logit_rows = 16;
  int32_t poison_id = -1;  // a text that ends with it has a logit that is not a number
};

/// What the model answers to a text: the id that it says next.
int32_t FakeNext(absl::Span<const int32_t> text, int32_t vocabulary);
/// `count` tokens that greedily follow `text`.
std::vector<int32_t> FakeAnswer(std::vector<int32_t> text, int count, int32_t vocabulary);

struct FakePool final : KvPool {
  explicit FakePool(std::function<absl::Status(int32_t)>* hook) : on_grow(hook) {}
  absl::Status Grow(int32_t blocks) override;
  void Shrink(int32_t blocks) override;
  int32_t blocks() const override { return static_cast<int32_t>(slots.size()); }
  size_t block_bytes() const override { return 1000; }
  std::vector<std::vector<int32_t>> slots;  // [blocks][block_tokens] token ids
  std::function<absl::Status(int32_t)>* on_grow;
};

struct FakeActivation final : Activation {
  std::vector<float> values;
};

class FakeModel final : public Model {
 public:
  explicit FakeModel(const FakeOptions& options) : options_(options) {
    logits_.max_rows = options.max_logit_rows;
    logits_.cols = options.vocabulary;
    logits_.values.resize(options.max_logit_rows * options.vocabulary);
  }
  int32_t vocabulary() const override { return options_.vocabulary; }
  int32_t context_length() const override { return options_.context_length; }
  int32_t max_rows() const override { return options_.max_rows; }
  int32_t max_logit_rows() const override { return options_.max_logit_rows; }
  absl::Span<const KvLayerSpec> kv_layers() const override { return {}; }
  const Activation& logits() const override { return logits_; }
  void Forward(Ops&, const Step&) const override {}
  const FakeOptions& options() const { return options_; }
  FakeActivation& values() const { return logits_; }

 private:
  FakeOptions options_;
  mutable FakeActivation logits_;
};

class FakeBackend final : public Backend {
 public:
  absl::StatusOr<std::unique_ptr<Weight>> Upload(const HostTensor&, WeightUse) override;
  absl::StatusOr<std::unique_ptr<Activation>> NewActivation(int64_t, int64_t) override;
  absl::StatusOr<std::unique_ptr<KvPool>> NewKvPool(absl::Span<const KvLayerSpec>) override;
  absl::Status Reserve(int64_t, int64_t, int64_t) override { return absl::OkStatus(); }
  absl::Status Run(const Program& program, const Step& step) override;
  void Read(const Activation& from, int64_t row, int64_t rows, float* out) const override;
  int64_t WeightBytes(const HostTensor&, WeightUse) const override { return 0; }
  int64_t ScratchBytes(int64_t, int64_t, int64_t) const override { return 0; }
  std::string Describe() const override { return "fake"; }

  /// Called by the leader inside a run, before its rows are computed; an error is the run's result.
  std::function<absl::Status(const Step&)> on_run;
  std::function<absl::Status(int32_t blocks)> on_grow;
  /// What no step may ever look like; empty when all was well.
  std::vector<std::string> violations() const;
  int64_t runs() const { return runs_; }

 private:
  void Check(bool holds, const std::string& what);
  void CheckStep(const FakeModel& model, const Step& step);
  void Compute(const FakeModel& model, const Step& step, FakePool& pool);

  std::atomic<bool> busy_{false};
  std::atomic<int64_t> runs_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> violations_;
};

/// A model, a backend and an engine over them.
struct FakeHouse {
  explicit FakeHouse(const FakeOptions& fake = {}, const EngineOptions& options = {});
  FakeModel model;
  FakeBackend backend;
  std::shared_ptr<Engine> engine;
};

/// Takes tokens until the answer ends.
struct Answer {
  std::vector<int32_t> tokens;
  FinishReason finish = FinishReason::kNone;
  absl::Status error;
};
Answer ReadAnswer(Engine& engine, Request& request);

}  // namespace erato

#endif  // ERATO_TESTS_ENGINE_FAKE_H_
