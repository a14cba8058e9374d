// The options object, and reading it with defaults.
#ifndef ERATO_CAPI_SRC_OPTIONS_H_
#define ERATO_CAPI_SRC_OPTIONS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "erato/options.h"

namespace erato::capi {

/// One line of the table of options: a key is declared in options.h and described here.
struct OptionSpec {
  erato_option key;
  const char* name;
  erato_option_type type;
  const char* help;
  double least, greatest;  // integers too: all bounds are below 2^53; bytes for texts
  double fallback;         // default of numbers; most items of lists
  const char* text;        // default of texts
  const char* choices;     // of texts, null = any
};

/// Null where there is no such key.
const OptionSpec* FindOption(erato_option key);
erato_options_kind KindOf(erato_option key);

using OptionValue = std::variant<int64_t, double, std::string, std::vector<std::string>>;

/// OK, or INVALID_ARGUMENT naming option, value and bounds.
absl::Status CheckOption(const OptionSpec& spec, const OptionValue& value);

}  // namespace erato::capi

struct erato_options {
  erato_options_kind kind;
  std::map<erato_option, erato::capi::OptionValue> values = {};  // those that were set
  std::shared_ptr<const std::atomic<bool>> cancel = nullptr;
};

namespace erato::capi {

/// INVALID_ARGUMENT where `options` is of another kind; null is fine.
absl::Status CheckKind(const erato_options* options, erato_options_kind kind);
int64_t IntOption(const erato_options* options, erato_option key);
double FloatOption(const erato_options* options, erato_option key);
std::string_view TextOption(const erato_options* options, erato_option key);
std::vector<std::string> ListOption(const erato_options* options, erato_option key);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_OPTIONS_H_
