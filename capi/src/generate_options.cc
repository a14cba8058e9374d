// What the options of generation ask of the engine and of an answer.
#include <charconv>
#include <random>
#include <utility>

#include "capi/src/answer.h"
#include "capi/src/error.h"
#include "capi/src/options.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

uint64_t FreshSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

float Number(const erato_options* options, erato_option key) {
  return static_cast<float>(FloatOption(options, key));
}

int32_t Whole(const erato_options* options, erato_option key) {
  return static_cast<int32_t>(IntOption(options, key));
}

void ReadCuts(const erato_options* options, SamplerOptions& sampler) {
  sampler.temperature = Number(options, ERATO_GENERATE_TEMPERATURE);
  sampler.dynamic_range = Number(options, ERATO_GENERATE_DYNAMIC_RANGE);
  sampler.dynamic_exponent = Number(options, ERATO_GENERATE_DYNAMIC_EXPONENT);
  sampler.top_k = Whole(options, ERATO_GENERATE_TOP_K);
  sampler.top_p = Number(options, ERATO_GENERATE_TOP_P);
  sampler.min_p = Number(options, ERATO_GENERATE_MIN_P);
  sampler.typical_p = Number(options, ERATO_GENERATE_TYPICAL_P);
  sampler.top_n_sigma = Number(options, ERATO_GENERATE_TOP_N_SIGMA);
  sampler.xtc_probability = Number(options, ERATO_GENERATE_XTC_PROBABILITY);
  sampler.xtc_threshold = Number(options, ERATO_GENERATE_XTC_THRESHOLD);
  sampler.mirostat_tau = Number(options, ERATO_GENERATE_MIROSTAT_TAU);
  sampler.mirostat_eta = Number(options, ERATO_GENERATE_MIROSTAT_ETA);
}

void ReadPenalties(const erato_options* options, SamplerOptions& sampler) {
  sampler.repetition_penalty = Number(options, ERATO_GENERATE_REPETITION_PENALTY);
  sampler.presence_penalty = Number(options, ERATO_GENERATE_PRESENCE_PENALTY);
  sampler.frequency_penalty = Number(options, ERATO_GENERATE_FREQUENCY_PENALTY);
  sampler.penalty_window = Whole(options, ERATO_GENERATE_PENALTY_WINDOW);
  sampler.dry_multiplier = Number(options, ERATO_GENERATE_DRY_MULTIPLIER);
  sampler.dry_base = Number(options, ERATO_GENERATE_DRY_BASE);
  sampler.dry_allowed_length = Whole(options, ERATO_GENERATE_DRY_ALLOWED_LENGTH);
  sampler.dry_window = Whole(options, ERATO_GENERATE_DRY_WINDOW);
}

struct StepName {
  std::string_view name;
  SamplerStep step;
};
constexpr StepName kSteps[] = {{"penalties", SamplerStep::kPenalties},
                               {"dry", SamplerStep::kDry},
                               {"temperature", SamplerStep::kTemperature},
                               {"top_k", SamplerStep::kTopK},
                               {"top_n_sigma", SamplerStep::kTopNSigma},
                               {"typical_p", SamplerStep::kTypical},
                               {"top_p", SamplerStep::kTopP},
                               {"min_p", SamplerStep::kMinP},
                               {"xtc", SamplerStep::kXtc}};

absl::Status ReadOrder(std::string_view text, std::vector<SamplerStep>& order) {
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    const size_t before = order.size();
    for (const StepName& each : kSteps) {
      if (each.name != name) continue;
      for (SamplerStep step : order) {
        if (step != each.step) continue;
        return Fail(ERATO_INVALID_ARGUMENT,
                    Concat("[option sampler_order] step, got ", name, " twice, expected it once"),
                    "sampler_order");
      }
      order.push_back(each.step);
    }
    if (order.size() == before) {
      return Fail(ERATO_INVALID_ARGUMENT,
                  Concat("[option sampler_order] step, got \"", name.substr(0, 40),
                         "\", expected penalties, dry, temperature, top_k, top_n_sigma, "
                         "typical_p, top_p, min_p or xtc"),
                  "sampler_order");
    }
    text.remove_prefix(std::min(text.size(), name.size() + 1));
  }
  return absl::OkStatus();
}

absl::Status ReadBias(const std::vector<std::string>& items, std::vector<LogitBias>& biases) {
  for (const std::string& item : items) {
    LogitBias bias;
    const char* const end = item.data() + item.size();
    const auto [after, id_error] = std::from_chars(item.data(), end, bias.id);
    const bool split = id_error == std::errc() && after != end && *after == '=';
    const auto [last, error] = std::from_chars(split ? after + 1 : end, end, bias.bias);
    const bool good = split && error == std::errc() && last == end && bias.id >= 0 &&
                      bias.bias >= -100 && bias.bias <= 100;
    if (!good) {
      return Fail(ERATO_INVALID_ARGUMENT,
                  Concat("[option logit_bias] item, got \"", item.substr(0, 40),
                         "\", expected ID=BIAS with a bias of -100 to 100"),
                  "logit_bias");
    }
    biases.push_back(bias);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AnswerSettings> ReadGenerateOptions(const erato_options* options) {
  ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_GENERATE));
  AnswerSettings settings;
  SamplerOptions& sampler = settings.request.sampler;
  ReadCuts(options, sampler);
  ReadPenalties(options, sampler);
  ERATO_RETURN_IF_ERROR(
      ReadOrder(TextOption(options, ERATO_GENERATE_SAMPLER_ORDER), sampler.order));
  ERATO_RETURN_IF_ERROR(ReadBias(ListOption(options, ERATO_GENERATE_LOGIT_BIAS), sampler.bias));
  const int64_t seed = IntOption(options, ERATO_GENERATE_SEED);
  sampler.seed = seed < 0 ? FreshSeed() : static_cast<uint64_t>(seed);
  settings.request.max_tokens = Whole(options, ERATO_GENERATE_MAX_TOKENS);
  settings.request.min_tokens = Whole(options, ERATO_GENERATE_MIN_TOKENS);
  settings.request.logprobs = Whole(options, ERATO_GENERATE_LOGPROBS);
  settings.prompt_logprobs = Whole(options, ERATO_GENERATE_PROMPT_LOGPROBS);
  const int64_t deadline_ms = IntOption(options, ERATO_GENERATE_DEADLINE_MS);
  if (deadline_ms > 0) {
    settings.request.deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(deadline_ms);
  }
  settings.stop = ListOption(options, ERATO_GENERATE_STOP);
  settings.banned_words = ListOption(options, ERATO_GENERATE_BANNED_WORDS);
  settings.dry_breakers = ListOption(options, ERATO_GENERATE_DRY_BREAKERS);
  if (settings.dry_breakers.empty()) settings.dry_breakers = {"\n", ":", "\"", "*"};
  settings.ignore_end = IntOption(options, ERATO_GENERATE_IGNORE_END) != 0;
  settings.reasoning_apart = TextOption(options, ERATO_GENERATE_REASONING_FORMAT) == "separate";
  return settings;
}

}  // namespace erato::capi
