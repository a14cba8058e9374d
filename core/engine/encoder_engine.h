// Many sequences, one encoder: ragged batches without padding, cut into steps of bounded size.
//
// Callers of all threads take turns, a step each, in the order in which they asked: a long batch
// does not hold a short one up for more than a step. What comes out for a sequence does not depend
// on what else is in its step. A stop or deadline is seen while a caller waits for its turn, too.
#ifndef ERATO_CORE_ENGINE_ENCODER_ENGINE_H_
#define ERATO_CORE_ENGINE_ENCODER_ENGINE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/engine/model.h"
#include "core/ops/ops.h"

namespace erato {

struct EncoderInput {
  absl::Span<const int32_t> ids;
  absl::Span<const int32_t> segments = {};  // as many as ids, or empty = all 0
};

struct EncodeLimits {
  const std::atomic<bool>* stop = nullptr;                             // seen within a step
  std::optional<std::chrono::steady_clock::time_point> deadline = {};  // seen between steps
  /// Where given, inputs whose results are not finite are told here, ascending, and are no error.
  std::vector<size_t>* not_finite = nullptr;
};

struct EmbedOptions {
  std::optional<Pooling> pooling = {};  // absent = as the model declares
  std::optional<bool> normalise = {};   // to length 1; absent = as the model declares; rows not
  int32_t dimensions = 0;               // of a vector: the first so many; 0 = all
};

/// Every function may be called from any thread.
class EncoderEngine {
 public:
  /// Model and backend outlive the engine; nobody else runs them meanwhile. `step_rows`: most rows
  /// of a step, but for a single sequence that is longer.
  EncoderEngine(EncoderModel* model, Backend* backend, int32_t step_rows = 1024)
      : model_(*model), backend_(*backend), step_rows_(step_rows) {}

  /// One vector an input to out[inputs, dimensions]; with Pooling::kNone one a token, end to end.
  /// INVALID_ARGUMENT names an input that is empty, too long or holds ids that are none;
  /// DATA_LOSS the first whose vector is not finite (all others are written). CANCELLED,
  /// DEADLINE_EXCEEDED and RESOURCE_EXHAUSTED leave anything in `out`.
  absl::Status Embed(absl::Span<const EncoderInput> inputs, const EmbedOptions& options,
                     const EncodeLimits& limits, float* out);
  /// Raw scores of labels, to out[inputs, labels], or [tokens, labels] end to end where the model
  /// labels tokens. FAILED_PRECONDITION where it has no labels; else as Embed.
  absl::Status Label(absl::Span<const EncoderInput> inputs, const EncodeLimits& limits, float* out);

  const EncoderModel& model() const { return model_; }

 private:
  struct Job;
  absl::Status Check(absl::Span<const EncoderInput> inputs) const;
  absl::Status Encode(absl::Span<const EncoderInput> inputs, const EncodeLimits& limits, Job& job);
  absl::Status RunStep(const EncodeLimits& limits, Job& job);
  absl::Status AwaitTurn(const EncodeLimits& limits, const Job& job);
  void EndTurn();

  EncoderModel& model_;
  Backend& backend_;
  const int32_t step_rows_;
  std::mutex mutex_;
  std::condition_variable turn_ended_;
  std::list<int> turns_;  // guarded by mutex_: an entry a caller; the first one's turn it is
};

}  // namespace erato

#endif  // ERATO_CORE_ENGINE_ENCODER_ENGINE_H_
