// What options of kind READ ask of a model that reads texts.
#ifndef ERATO_CAPI_SRC_READ_OPTIONS_H_
#define ERATO_CAPI_SRC_READ_OPTIONS_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/engine/encoder_engine.h"
#include "erato/options.h"

namespace erato::capi {

struct ReadSettings {
  enum class Truncate { kNone, kEnd, kStart };
  enum class TruncatePair { kLongest, kFirst, kSecond };
  EmbedOptions embed;
  Truncate truncate = Truncate::kNone;
  TruncatePair truncate_pair = TruncatePair::kLongest;
  int32_t max_tokens = 0;             // 0 = what the model is meant for
  std::string prompt;                 // name of one of the model's; "" = its default
  std::optional<std::string> prefix;  // in place of a prompt
  std::optional<LabelMeaning> scores;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::shared_ptr<const std::atomic<bool>> cancel;
};

/// Fixes the deadline: to be called when the reading is asked for.
absl::StatusOr<ReadSettings> ReadReadOptions(const erato_options* options);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_READ_OPTIONS_H_
