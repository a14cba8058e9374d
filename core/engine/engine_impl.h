// The engine's inside: leader and followers around one step. engine.cc holds what callers see,
// step.cc the step.
#ifndef ERATO_CORE_ENGINE_ENGINE_IMPL_H_
#define ERATO_CORE_ENGINE_ENGINE_IMPL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/engine/batch.h"
#include "core/engine/engine.h"
#include "core/engine/scheduler.h"
#include "core/engine/state.h"

namespace erato {

class EngineImpl final : public Engine {
 public:
  EngineImpl(Model* model, Backend* backend, const EngineOptions& options,
             std::shared_ptr<EngineState> state);
  ~EngineImpl() override;

  std::shared_ptr<Sequence> NewSequence() override;
  std::vector<int32_t> Tokens(const Sequence& sequence) const override;
  absl::StatusOr<std::shared_ptr<Request>> Submit(std::shared_ptr<Sequence> sequence,
                                                  absl::Span<const int32_t> tokens,
                                                  const RequestOptions& options) override;
  absl::StatusOr<TokenEvent> Next(Request& request) override;
  void Cancel(Request& request) override;
  void Finish(Request& request) override;
  absl::StatusOr<std::vector<float>> Logits(absl::Span<const int32_t> tokens,
                                            bool all_rows) override;
  absl::StatusOr<std::vector<TokenLogprobs>> Score(absl::Span<const int32_t> tokens,
                                                   int32_t likeliest) override;
  EngineStats stats() const override;

  /// For the validators of invariants.
  EngineState& state() const { return *state_; }

 private:
  using Lock = std::unique_lock<std::mutex>;
  class Asking;
  class Leadership;
  class InStep;
  class Planning;

  absl::Status CheckTokens(absl::Span<const int32_t> tokens, int32_t most) const;
  absl::Status CheckFits(int64_t tokens) const;
  absl::StatusOr<std::shared_ptr<Request>> NewRequest(std::shared_ptr<Sequence> sequence,
                                                      const RequestOptions& options) const;
  bool Lead(RequestState& request, Lock& lock);
  void Wait(RequestState& request, std::optional<std::chrono::milliseconds> most, Lock& lock);

  // The step, by the leader. The mutex is held but between the starts of Run and Commit.
  bool RunStep(Lock& lock);  // false: nothing could run
  void Schedule();
  void Admit(bool waited_for, std::chrono::steady_clock::time_point now);
  void PlanParts(StepBudget& budget);
  absl::Status Run(Lock& lock);
  void Sample(const absl::Status& ran);
  absl::StatusOr<int32_t> SampleRow(BatchPart& part, int64_t row);
  void Commit(const absl::Status& ran, Lock& lock);
  void CommitPart(BatchPart& part);
  void CommitToken(BatchPart& part);
  void Publish();
  /// Told each row of logits that was asked for: its position and values.
  using SeeRow = std::function<absl::Status(int32_t position, absl::Span<const float> logits)>;
  absl::Status Measure(absl::Span<const int32_t> tokens, bool all_rows, const SeeRow& see);
  absl::Status RunLogits(const std::shared_ptr<SequenceState>& sequence, bool all_rows,
                         const SeeRow& see, Lock& lock);

  Model* const model_;
  Backend* const backend_;
  const EngineOptions options_;
  const int32_t step_rows_;
  const std::shared_ptr<EngineState> state_;
  int64_t arrivals_ = 0;

  // The leader's own.
  Batch batch_;
  std::vector<std::shared_ptr<RequestState>> admitted_;
  std::vector<Candidate> candidates_;
  std::vector<float> row_;  // one row of logits
  SamplerScratch sampler_scratch_;
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_ENGINE_IMPL_H_
