#include "capi/src/request_fields.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

// A seed may be any integer; options have room for 53 bits.
int64_t FoldSeed(const Json& seed) {
  return static_cast<int64_t>(seed.get<uint64_t>() & ((uint64_t{1} << 53) - 1));
}

absl::Status ReadTruth(const Json& json, const char* name, erato_option key,
                       erato_options& options) {
  const Json& value = Field(json, name);
  if (value.is_null()) return absl::OkStatus();
  if (!value.is_boolean()) {
    return Refuse(ERATO_INVALID_ARGUMENT, name, "true or false");
  }
  options.values[key] = int64_t{value.get<bool>()};
  return absl::OkStatus();
}

absl::Status ReadTexts(const Json& json, const char* name, erato_option key,
                       erato_options& options) {
  const Json& given = Field(json, name);
  if (given.is_null()) return absl::OkStatus();
  std::vector<std::string> texts;
  if (given.is_string()) texts.push_back(given.get_ref<const std::string&>());
  for (size_t i = 0; given.is_array() && i < given.size(); ++i) {
    if (given[i].is_string()) texts.push_back(given[i].get_ref<const std::string&>());
  }
  if (texts.size() != (given.is_array() ? given.size() : 1)) {
    return Refuse(ERATO_INVALID_ARGUMENT, name, "a text or an array of texts");
  }
  OptionValue value = std::move(texts);
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(key), value));
  options.values[key] = std::move(value);
  return absl::OkStatus();
}

absl::Status ReadText(const Json& json, const char* name, erato_option key,
                      erato_options& options) {
  const Json& given = Field(json, name);
  if (given.is_null()) return absl::OkStatus();
  if (!given.is_string()) return Refuse(ERATO_INVALID_ARGUMENT, name, "a text");
  OptionValue value = given.get<std::string>();
  ERATO_RETURN_IF_ERROR(CheckOption(*FindOption(key), value));
  options.values[key] = std::move(value);
  return absl::OkStatus();
}

}  // namespace

const Json& Field(const Json& json, const char* name) {
  static const Json kNone;
  const auto found = json.find(name);
  return found == json.end() ? kNone : *found;
}

absl::Status Refuse(erato_status code, std::string_view field, std::string_view expected) {
  return Fail(code, Concat("[request ", field, "] value, expected ", expected), field);
}

absl::Status ReadNumber(const Json& json, const char* name, erato_option key,
                        erato_options& options) {
  const Json& value = Field(json, name);
  if (value.is_null()) return absl::OkStatus();
  const OptionSpec& spec = *FindOption(key);
  OptionValue option;
  if (spec.type == ERATO_OPTION_INT) {
    if (!value.is_number_integer()) {
      return Refuse(ERATO_INVALID_ARGUMENT, name, "an integer");
    }
    const bool huge = value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX;
    option = key == ERATO_GENERATE_SEED ? FoldSeed(value) : huge ? INT64_MAX : value.get<int64_t>();
  } else {
    if (!value.is_number()) return Refuse(ERATO_INVALID_ARGUMENT, name, "a number");
    option = value.get<double>();
  }
  ERATO_RETURN_IF_ERROR(Blame(CheckOption(spec, option), name));
  options.values[key] = std::move(option);
  return absl::OkStatus();
}

absl::StatusOr<bool> ReadBool(const Json& json, const char* name) {
  const Json& value = Field(json, name);
  if (value.is_null()) return false;
  if (!value.is_boolean()) return Refuse(ERATO_INVALID_ARGUMENT, name, "true or false");
  return value.get<bool>();
}

namespace {

absl::Status ReadOption(const Json& json, erato_option key, erato_options& options) {
  const OptionSpec& spec = *FindOption(key);
  switch (spec.type) {
    case ERATO_OPTION_BOOL:
      return ReadTruth(json, spec.name, key, options);
    case ERATO_OPTION_TEXT:
      return ReadText(json, spec.name, key, options);
    case ERATO_OPTION_LIST:
      return ReadTexts(json, spec.name, key, options);
    default:
      return ReadNumber(json, spec.name, key, options);
  }
}

}  // namespace

absl::Status ReadOptionFields(const Json& json, std::initializer_list<erato_option> except,
                              erato_options& options) {
  for (size_t i = 0; i < erato_option_count(options.kind); ++i) {
    const erato_option key = erato_option_at(options.kind, i);
    if (std::find(except.begin(), except.end(), key) != except.end()) continue;
    ERATO_RETURN_IF_ERROR(ReadOption(json, key, options));
  }
  return absl::OkStatus();
}

}  // namespace erato::capi
