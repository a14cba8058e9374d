// One answer on its way: tokens from the engine become text, piece by piece.
#ifndef ERATO_CAPI_SRC_ANSWER_H_
#define ERATO_CAPI_SRC_ANSWER_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/chat.h"
#include "capi/src/json_text.h"
#include "capi/src/loaded_model.h"
#include "capi/src/reasoning.h"
#include "capi/src/stop_strings.h"
#include "core/engine/engine.h"
#include "erato/options.h"
#include "erato/stream.h"
#include "tokenizer/utf8_stream.h"

namespace erato::capi {

struct AnswerSettings {
  RequestOptions request;
  std::vector<std::string> stop, banned_words, dry_breakers;
  int32_t prompt_logprobs = -1;
  bool ignore_end = false;
  bool continue_last = false;  // MakePrompt's
  bool reasoning_apart = true;
  const ReasoningMarkers* markers = nullptr;  // the template's; for ever valid
  bool begins_inside = false;                 // the prompt has opened a block of thinking
};
/// Fixes seed and deadline: to be called when the answer is asked for.
absl::StatusOr<AnswerSettings> ReadGenerateOptions(const erato_options* options);

/// The ids that an answer to `chat` begins after, or (continue_last) goes on after; settings come
/// to know what of thinking the prompt has begun.
absl::StatusOr<std::vector<int32_t>> MakePrompt(const ChatTemplate& chat_template,
                                                const TemplateFacts& facts, const Chat& chat,
                                                const Tokenizer& tokenizer,
                                                AnswerSettings& settings);

/// What has been counted so far; read from any thread.
struct AnswerCounts {
  std::atomic<erato_finish> finish{ERATO_FINISH_NONE};
  std::atomic<int64_t> prompt_tokens{0}, reused_tokens{0}, generated_tokens{0}, reasoning_tokens{0};
  std::atomic<double> prompt_seconds{0}, generate_seconds{0};
};

/// One caller at a time, but Cancel and counts are for any thread.
class Answer {
 public:
  /// `ids`: the whole text so far. `text`: give out text (needs a tokenizer), else ids alone.
  static absl::StatusOr<std::unique_ptr<Answer>> Start(std::shared_ptr<const LoadedModel> model,
                                                       std::shared_ptr<Sequence> sequence,
                                                       const std::vector<int32_t>& ids, bool text,
                                                       AnswerSettings settings);
  ~Answer();
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  /// OK: there is a piece. END: there is none and will be none. Any other status, and END, is told
  /// again by every further call.
  absl::StatusOr<erato_status> Advance();
  const std::string& piece() const { return piece_; }
  erato_piece_kind kind() const { return kind_; }
  const std::vector<int32_t>& ids() const { return ids_; }
  /// What ids() stand for.
  const std::string& bytes() const { return bytes_; }
  /// JSON array: the scores of ids(); "" where there are none.
  const std::string& scores() const { return scores_.text(); }
  /// JSON array of the prompt's; "" where they were not asked for.
  const std::string& prompt_scores() const { return prompt_scores_; }
  /// All pieces of a kind, end to end.
  const std::string& text() const { return text_; }
  const std::string& reasoning() const { return reasoning_; }
  bool ended() const { return ended_; }
  void Cancel() const;
  /// Lets go of the sequence: what was given out is all there will be. More than once is fine.
  void Leave();
  const AnswerCounts& counts() const { return counts_; }

 private:
  Answer(std::shared_ptr<const LoadedModel> model, bool text, AnswerSettings settings);
  absl::StatusOr<erato_status> Step();
  bool GiveOut();
  void Take(int32_t id);
  absl::Status Complete(FinishReason reason);
  absl::Status ScorePrompt(const std::vector<int32_t>& ids, int32_t likeliest);
  void CountToken();

  using Clock = std::chrono::steady_clock;
  const std::shared_ptr<const LoadedModel> model_;
  const bool with_text_;
  std::shared_ptr<Request> request_;
  // A token's way: bytes, whole code points, thinking or answer, what no stop string can claim.
  Utf8Stream utf8_;
  ReasoningSplitter splitter_;
  StopStrings stop_;
  std::array<int32_t, 2> marker_ids_{-1, -1};  // markers that a reader is not shown
  std::string ready_reasoning_, ready_;        // to be given out next
  std::string piece_, text_, reasoning_;
  erato_piece_kind kind_ = ERATO_PIECE_ANSWER;
  std::vector<int32_t> ids_;
  std::string bytes_;
  JsonText scores_;
  std::string prompt_scores_;
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
