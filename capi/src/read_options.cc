#include "capi/src/read_options.h"

#include <string_view>
#include <utility>

#include "capi/src/options.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

/// What a text option's choice means; the options' own table has checked it.
template <typename T, size_t kCount>
std::optional<T> Choice(const erato_options* options, erato_option key,
                        const std::pair<std::string_view, T> (&choices)[kCount]) {
  const std::string_view chosen = TextOption(options, key);
  for (const auto& [name, value] : choices) {
    if (chosen == name) return value;
  }
  return std::nullopt;
}

constexpr std::pair<std::string_view, Pooling> kPoolings[] = {{"mean", Pooling::kMean},
                                                              {"cls", Pooling::kFirst},
                                                              {"last", Pooling::kLast},
                                                              {"max", Pooling::kMax},
                                                              {"none", Pooling::kNone}};
constexpr std::pair<std::string_view, bool> kYesNo[] = {{"yes", true}, {"no", false}};
constexpr std::pair<std::string_view, LabelMeaning> kScores[] = {
    {"raw", LabelMeaning::kNumber},
    {"softmax", LabelMeaning::kOneOfAll},
    {"sigmoid", LabelMeaning::kEachByItself}};
constexpr std::pair<std::string_view, ReadSettings::Truncate> kTruncate[] = {
    {"end", ReadSettings::Truncate::kEnd}, {"start", ReadSettings::Truncate::kStart}};
constexpr std::pair<std::string_view, ReadSettings::TruncatePair> kTruncatePair[] = {
    {"first", ReadSettings::TruncatePair::kFirst}, {"second", ReadSettings::TruncatePair::kSecond}};

}  // namespace

absl::StatusOr<ReadSettings> ReadReadOptions(const erato_options* options) {
  ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_READ));
  ReadSettings settings;
  settings.embed.pooling = Choice(options, ERATO_READ_POOLING, kPoolings);
  settings.embed.normalise = Choice(options, ERATO_READ_NORMALISE, kYesNo);
  settings.embed.dimensions = static_cast<int32_t>(IntOption(options, ERATO_READ_DIMENSIONS));
  settings.truncate = Choice(options, ERATO_READ_TRUNCATE, kTruncate).value_or(settings.truncate);
  settings.truncate_pair =
      Choice(options, ERATO_READ_TRUNCATE_PAIR, kTruncatePair).value_or(settings.truncate_pair);
  settings.max_tokens = static_cast<int32_t>(IntOption(options, ERATO_READ_MAX_TOKENS));
  settings.prompt = TextOption(options, ERATO_READ_PROMPT);
  if (options != nullptr && options->values.contains(ERATO_READ_PREFIX)) {
    settings.prefix = TextOption(options, ERATO_READ_PREFIX);
  }
  settings.scores = Choice(options, ERATO_READ_SCORES, kScores);
  if (const int64_t most = IntOption(options, ERATO_READ_DEADLINE_MS); most > 0) {
    settings.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(most);
  }
  if (options != nullptr) settings.cancel = options->cancel;
  return settings;
}

}  // namespace erato::capi
