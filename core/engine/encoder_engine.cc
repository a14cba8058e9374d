#include "core/engine/encoder_engine.h"

#include <algorithm>
#include <cmath>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {

/// What one call wants and how far it is.
struct EncoderEngine::Job {
  const Program* program = nullptr;
  /// Where the program leaves it; asked when the step has run.
  const Activation* (*result)(const EncoderModel&, Pooling) = nullptr;
  Pooling pooling = Pooling::kNone;
  bool by_row = false;  // one line of results a row, else one a sequence
  int32_t cols = 0;     // of a line, of which the first `dimensions` are wanted
  int32_t dimensions = 0;
  bool normalise = false;
  float* out = nullptr;  // where the next line goes
  size_t done = 0, inputs = 0;
  std::vector<size_t> not_finite = {};
  // The step's; kept for the next one.
  std::vector<int32_t> ids = {}, positions = {}, segments = {}, row_begin = {};
  std::vector<float> lines = {};
};

namespace {

absl::Status Wrong(size_t input, std::string_view what, int64_t got, std::string_view expected) {
  return absl::InvalidArgumentError(
      Concat("[encode] input ", input, ": ", what, ", got ", got, ", expected ", expected));
}

absl::Status CheckRange(size_t input, std::string_view what, absl::Span<const int32_t> values,
                        int32_t end) {
  for (const int32_t value : values) {
    if (value >= 0 && value < end) continue;
    return Wrong(input, what, value, Concat("0 to ", end - 1));
  }
  return absl::OkStatus();
}

absl::Status CheckWanted(const EncodeLimits& limits, size_t done, size_t inputs) {
  if (limits.stop != nullptr && limits.stop->load(std::memory_order_relaxed)) {
    return absl::CancelledError("[encode] run, got a stop, expected its end");
  }
  if (limits.deadline && std::chrono::steady_clock::now() >= *limits.deadline) {
    return absl::DeadlineExceededError(
        Concat("[encode] time, got ", done, " inputs done, expected ", inputs));
  }
  return absl::OkStatus();
}

/// The first `n` values of a line to `out`; false where one is not finite.
bool WriteLine(const float* line, int32_t n, bool normalise, float* out) {
  double squares = 0;
  for (int32_t i = 0; i < n; ++i) squares += double{line[i]} * line[i];
  const double scale = normalise ? 1 / std::max(std::sqrt(squares), 1e-12) : 1;
  for (int32_t i = 0; i < n; ++i) out[i] = static_cast<float>(line[i] * scale);
  return std::isfinite(squares);
}

}  // namespace

absl::Status EncoderEngine::Check(absl::Span<const EncoderInput> inputs) const {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const EncoderInput& input = inputs[i];
    const auto tokens = static_cast<int64_t>(input.ids.size());
    if (tokens < 1 || tokens > model_.context_length()) {
      return Wrong(i, "tokens", tokens, Concat("1 to ", model_.context_length()));
    }
    if (!input.segments.empty() && input.segments.size() != input.ids.size()) {
      return Wrong(i, "segments", static_cast<int64_t>(input.segments.size()),
                   Concat(tokens, ", one a token"));
    }
    ERATO_RETURN_IF_ERROR(CheckRange(i, "id", input.ids, model_.vocabulary()));
    ERATO_RETURN_IF_ERROR(CheckRange(i, "segment", input.segments, model_.segments()));
  }
  return absl::OkStatus();
}

/// OK: it is the caller's turn, which EndTurn ends. Nobody tells of a stop: it is looked for.
absl::Status EncoderEngine::AwaitTurn(const EncodeLimits& limits, const Job& job) {
  constexpr std::chrono::milliseconds kLook{2};
  std::unique_lock<std::mutex> lock(mutex_);
  const auto turn = turns_.insert(turns_.end(), 0);
  const auto mine = [&] { return turns_.begin() == turn; };
  for (;;) {
    absl::Status wanted = CheckWanted(limits, job.done, job.inputs);
    if (!wanted.ok()) {
      const bool was_first = mine();
      turns_.erase(turn);
      if (was_first) turn_ended_.notify_all();
      return wanted;
    }
    if (mine()) return absl::OkStatus();
    if (limits.stop != nullptr) {
      turn_ended_.wait_for(lock, kLook);
    } else if (limits.deadline) {
      turn_ended_.wait_until(lock, *limits.deadline);
    } else {
      turn_ended_.wait(lock);
    }
  }
}

void EncoderEngine::EndTurn() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    turns_.pop_front();
  }
  turn_ended_.notify_all();
}

absl::Status EncoderEngine::RunStep(const EncodeLimits& limits, Job& job) {
  ERATO_RETURN_IF_ERROR(model_.Reserve(static_cast<int32_t>(job.ids.size())));
  Step step;
  step.ids = job.ids;
  step.positions = job.positions;
  step.segments = job.segments;
  step.row_begin = job.row_begin;
  step.stop = limits.stop;
  ERATO_RETURN_IF_ERROR(backend_.Run(*job.program, step));
  const int64_t lines = job.by_row ? step.rows() : step.sequences();
  job.lines.resize(static_cast<size_t>(lines) * job.cols);
  backend_.Read(*job.result(model_, job.pooling), 0, lines, job.lines.data());
  const float* line = job.lines.data();
  for (int32_t s = 0; s < step.sequences(); ++s, ++job.done) {
    const int32_t count = job.by_row ? step.row_begin[s + 1] - step.row_begin[s] : 1;
    for (int32_t i = 0; i < count; ++i, line += job.cols, job.out += job.dimensions) {
      const bool finite = WriteLine(line, job.dimensions, job.normalise, job.out);
      const bool told = !job.not_finite.empty() && job.not_finite.back() == job.done;
      if (!finite && !told) job.not_finite.push_back(job.done);
    }
  }
  return absl::OkStatus();
}

absl::Status EncoderEngine::Encode(absl::Span<const EncoderInput> inputs,
                                   const EncodeLimits& limits, Job& job) {
  ERATO_RETURN_IF_ERROR(Check(inputs));
  job.inputs = inputs.size();
  while (job.done < inputs.size()) {
    job.ids.clear();
    job.positions.clear();
    job.segments.clear();
    job.row_begin = {0};
    for (size_t i = job.done; i < inputs.size(); ++i) {
      const auto tokens = inputs[i].ids.size();
      if (i > job.done && job.ids.size() + tokens > static_cast<size_t>(step_rows_)) break;
      job.ids.insert(job.ids.end(), inputs[i].ids.begin(), inputs[i].ids.end());
      for (size_t p = 0; p < tokens; ++p) job.positions.push_back(static_cast<int32_t>(p));
      job.segments.insert(job.segments.end(), inputs[i].segments.begin(), inputs[i].segments.end());
      job.segments.resize(job.ids.size(), 0);
      job.row_begin.push_back(static_cast<int32_t>(job.ids.size()));
    }
    ERATO_RETURN_IF_ERROR(AwaitTurn(limits, job));
    struct Turn {
      EncoderEngine& engine;
      ~Turn() { engine.EndTurn(); }
    } turn{*this};
    ERATO_RETURN_IF_ERROR(RunStep(limits, job));
  }
  if (limits.not_finite != nullptr) {
    *limits.not_finite = std::move(job.not_finite);
  } else if (!job.not_finite.empty()) {
    return absl::DataLossError(
        Concat("[encode] input ", job.not_finite.front(),
               ": results, got values that are not finite, expected finite"));
  }
  return absl::OkStatus();
}

absl::Status EncoderEngine::Embed(absl::Span<const EncoderInput> inputs,
                                  const EmbedOptions& options, const EncodeLimits& limits,
                                  float* out) {
  Job job;
  job.pooling = options.pooling.value_or(model_.pooling());
  job.program = &model_.Embedding(job.pooling);
  job.result = [](const EncoderModel& model, Pooling pooling) { return &model.vectors(pooling); };
  job.by_row = job.pooling == Pooling::kNone;
  job.cols = job.by_row ? model_.row_width() : model_.width();
  if (options.dimensions < 0 || options.dimensions > job.cols) {
    return absl::InvalidArgumentError(Concat("[encode] dimensions, got ", options.dimensions,
                                             ", expected 0 (all) to ", job.cols));
  }
  job.dimensions = options.dimensions > 0 ? options.dimensions : job.cols;
  job.normalise = options.normalise.value_or(model_.normalises() && !job.by_row);
  job.out = out;
  return Encode(inputs, limits, job);
}

absl::Status EncoderEngine::Label(absl::Span<const EncoderInput> inputs, const EncodeLimits& limits,
                                  float* out) {
  if (model_.Labelling() == nullptr) {
    return absl::FailedPreconditionError(
        "[encode] labels, got a model that only makes vectors, expected one with labels");
  }
  Job job;
  job.program = model_.Labelling();
  job.result = [](const EncoderModel& model, Pooling) { return &model.label_scores(); };
  job.by_row = model_.labels_tokens();
  job.cols = job.dimensions = model_.labels();
  job.out = out;
  return Encode(inputs, limits, job);
}

}  // namespace erato
