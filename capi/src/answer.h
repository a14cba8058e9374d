// One answer on its way: tokens from the engine become text, piece by piece.
#ifndef ERATO_CAPI_SRC_ANSWER_H_
#define ERATO_CAPI_SRC_ANSWER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/loaded_model.h"
#include "capi/src/stop_strings.h"
#include "core/engine/engine.h"
#include "erato/options.h"
#include "erato/stream.h"
#include "tokenizer/utf8_stream.h"

namespace erato::capi {

struct AnswerSettings {
  RequestOptions request;
  std::vector<std::string> stop;
  bool ignore_end = false;
};
/// Fixes seed and deadline: to be called when the answer is asked for.
absl::StatusOr<AnswerSettings> ReadGenerateOptions(const erato_options* options);

/// What has been counted so far; read from any thread.
struct AnswerCounts {
  std::atomic<erato_finish> finish{ERATO_FINISH_NONE};
  std::atomic<int64_t> prompt_tokens{0}, reused_tokens{0}, generated_tokens{0};
  std::atomic<double> prompt_seconds{0}, generate_seconds{0};
};

/// One caller at a time, but Cancel and counts are for any thread.
class Answer {
 public:
  /// `ids`: the whole text so far. `text`: give out text (needs a tokenizer), else ids alone.
  static absl::StatusOr<std::unique_ptr<Answer>> Start(std::shared_ptr<const LoadedModel> model,
                                                       std::shared_ptr<Sequence> sequence,
                                                       std::vector<int32_t> ids, bool text,
                                                       AnswerSettings settings);
  ~Answer();
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  /// OK: there is a piece. END: there is none and will be none. Any other status, and END, is told
  /// again by every further call.
  absl::StatusOr<erato_status> Advance();
  const std::string& piece() const { return piece_; }
  const std::vector<int32_t>& ids() const { return ids_; }
  /// All pieces, end to end.
  const std::string& text() const { return text_; }
  bool ended() const { return ended_; }
  void Cancel() const;
  /// Lets go of the sequence: what was given out is all there will be. More than once is fine.
  void Leave();
  const AnswerCounts& counts() const { return counts_; }

 private:
  Answer(std::shared_ptr<const LoadedModel> model, bool text, AnswerSettings settings);
  absl::StatusOr<erato_status> Step();
  absl::StatusOr<erato_status> Complete(FinishReason reason);
  bool Take(int32_t id);
  void CountToken();

  using Clock = std::chrono::steady_clock;
  const std::shared_ptr<const LoadedModel> model_;
  const bool with_text_;
  std::shared_ptr<Request> request_;
  StopStrings stop_;
  Utf8Stream utf8_;
  std::string piece_, text_;
  std::vector<int32_t> ids_;
  AnswerCounts counts_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point first_token_;
  erato_finish finish_ = ERATO_FINISH_NONE;  // known before the last piece was given out
  bool ended_ = false;
  bool at_work_ = true;                              // the sequence is not let go of
  absl::StatusOr<erato_status> result_ = ERATO_END;  // once ended
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_ANSWER_H_
