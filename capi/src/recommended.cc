#include "capi/src/recommended.h"

#include <cmath>
#include <optional>
#include <string>

#include "capi/src/options.h"
#include "core/base/concat.h"

namespace erato::capi {
namespace {

struct Name {
  const char *gguf, *config;  // null = the container does not have it
  erato_option key;
};
constexpr Name kNames[] = {
    {"temp", "temperature", ERATO_GENERATE_TEMPERATURE},
    {"top_k", "top_k", ERATO_GENERATE_TOP_K},
    {"top_p", "top_p", ERATO_GENERATE_TOP_P},
    {"min_p", "min_p", ERATO_GENERATE_MIN_P},
    {nullptr, "typical_p", ERATO_GENERATE_TYPICAL_P},
    {"xtc_probability", nullptr, ERATO_GENERATE_XTC_PROBABILITY},
    {"xtc_threshold", nullptr, ERATO_GENERATE_XTC_THRESHOLD},
    {"penalty_last_n", nullptr, ERATO_GENERATE_PENALTY_WINDOW},
    {"penalty_repeat", "repetition_penalty", ERATO_GENERATE_REPETITION_PENALTY},
};

struct ToNumber {
  template <typename T>
  std::optional<double> operator()(const T& value) const {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
      return static_cast<double>(value);
    } else {
      return std::nullopt;
    }
  }
};

std::optional<double> Find(const ModelFiles& files, const Name& name) {
  if (files.gguf() != nullptr) {
    if (name.gguf == nullptr) return std::nullopt;
    const gguf::Value* value = files.gguf()->Find(Concat("general.sampling.", name.gguf));
    return value == nullptr ? std::nullopt : std::visit(ToNumber(), *value);
  }
  const Json* config = files.generation_config();
  if (name.config == nullptr || config == nullptr) return std::nullopt;
  const Json* found = config->Find(name.config);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

bool IsGreedy(const ModelFiles& files) {
  const Json* config = files.generation_config();
  const Json* found = config == nullptr ? nullptr : config->Find("do_sample");
  return found != nullptr && *found == false;
}

}  // namespace

std::vector<std::pair<erato_option, double>> RecommendedSampling(const ModelFiles& files) {
  std::vector<std::pair<erato_option, double>> all;
  if (IsGreedy(files)) return {{ERATO_GENERATE_TEMPERATURE, 0}};
  for (const Name& name : kNames) {
    const std::optional<double> value = Find(files, name);
    const OptionSpec& spec = *FindOption(name.key);
    if (!value || !(*value >= spec.least && *value <= spec.greatest)) continue;
    if (spec.type == ERATO_OPTION_INT && *value != std::floor(*value)) continue;
    all.emplace_back(name.key, *value);
  }
  return all;
}

}  // namespace erato::capi
