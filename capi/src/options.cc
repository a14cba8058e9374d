#include "capi/src/options.h"

#include <charconv>
#include <memory>

#include "capi/src/error.h"
#include "capi/src/guard.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

absl::StatusOr<const OptionSpec*> SpecFor(const erato_options* options, erato_option key) {
  ERATO_RETURN_IF_ERROR(Given({{options, "options"}}));
  const OptionSpec* spec = FindOption(key);
  if (spec == nullptr || KindOf(key) != options->kind) {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[options] key, got ", key, ", expected one of kind ", options->kind),
                "key");
  }
  return spec;
}

absl::StatusOr<const OptionSpec*> SpecFor(const erato_options* options, erato_option key,
                                          erato_option_type type) {
  ERATO_ASSIGN_OR_RETURN(const OptionSpec* spec, SpecFor(options, key));
  if (spec->type != type) {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[option ", spec->name, "] type, got ", type, ", expected ", spec->type),
                spec->name);
  }
  return spec;
}

absl::Status Set(erato_options* options, erato_option key, erato_option_type type,
                 OptionValue value) {
  ERATO_ASSIGN_OR_RETURN(const OptionSpec* spec, SpecFor(options, key, type));
  ERATO_RETURN_IF_ERROR(CheckOption(*spec, value));
  options->values[key] = std::move(value);
  return absl::OkStatus();
}

absl::Status Add(erato_options* options, erato_option key, std::string_view text) {
  ERATO_RETURN_IF_ERROR(SpecFor(options, key, ERATO_OPTION_LIST).status());
  std::vector<std::string> list = ListOption(options, key);
  list.emplace_back(text);
  return Set(options, key, ERATO_OPTION_LIST, std::move(list));
}

template <typename T>
absl::StatusOr<T> Number(const OptionSpec& spec, std::string_view text) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size() && !text.empty()) return value;
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option ", spec.name, "] value, got \"", text.substr(0, 40), "\", expected ",
                     spec.type == ERATO_OPTION_INT ? "an integer" : "a number"),
              spec.name);
}

absl::StatusOr<int64_t> Truth(const OptionSpec& spec, std::string_view text) {
  if (text == "true" || text == "1") return 1;
  if (text == "false" || text == "0") return 0;
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option ", spec.name, "] value, got \"", text.substr(0, 40),
                     "\", expected true or false"),
              spec.name);
}

absl::StatusOr<const OptionSpec*> ByName(erato_options_kind kind, std::string_view name) {
  for (size_t i = 0; i < erato_option_count(kind); ++i) {
    const OptionSpec* spec = FindOption(erato_option_at(kind, i));
    if (name == spec->name) return spec;
  }
  return Fail(ERATO_NOT_FOUND, Concat("[options] name, got \"", name.substr(0, 40), "\""), "name");
}

absl::Status SetByName(erato_options* options, std::string_view name, std::string_view value) {
  ERATO_ASSIGN_OR_RETURN(const OptionSpec* spec, ByName(options->kind, name));
  switch (spec->type) {
    case ERATO_OPTION_INT: {
      ERATO_ASSIGN_OR_RETURN(const int64_t number, Number<int64_t>(*spec, value));
      return Set(options, spec->key, spec->type, number);
    }
    case ERATO_OPTION_FLOAT: {
      ERATO_ASSIGN_OR_RETURN(const double number, Number<double>(*spec, value));
      return Set(options, spec->key, spec->type, number);
    }
    case ERATO_OPTION_BOOL: {
      ERATO_ASSIGN_OR_RETURN(const int64_t number, Truth(*spec, value));
      return Set(options, spec->key, spec->type, number);
    }
    case ERATO_OPTION_LIST:
      return Add(options, spec->key, value);
    default:
      return Set(options, spec->key, spec->type, std::string(value));
  }
}

const OptionValue* Find(const erato_options* options, erato_option key) {
  if (options == nullptr) return nullptr;
  const auto found = options->values.find(key);
  return found == options->values.end() ? nullptr : &found->second;
}

absl::Status Bounds(erato_option key, bool floats, double* least, double* greatest) {
  const OptionSpec* spec = FindOption(key);
  if (spec == nullptr) return Fail(ERATO_NOT_FOUND, Concat("[options] key, got ", key), "key");
  if ((spec->type == ERATO_OPTION_FLOAT) != floats) {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[option ", spec->name, "] type, got ", floats ? "float" : "int",
                       ", expected the other"),
                spec->name);
  }
  *least = spec->least;
  *greatest = spec->greatest;
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckKind(const erato_options* options, erato_options_kind kind) {
  if (options == nullptr || options->kind == kind) return absl::OkStatus();
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[argument options] kind, got ", options->kind, ", expected ", kind),
              "options");
}

int64_t IntOption(const erato_options* options, erato_option key) {
  const OptionValue* value = Find(options, key);
  return value != nullptr ? std::get<int64_t>(*value)
                          : static_cast<int64_t>(FindOption(key)->fallback);
}

double FloatOption(const erato_options* options, erato_option key) {
  const OptionValue* value = Find(options, key);
  return value != nullptr ? std::get<double>(*value) : FindOption(key)->fallback;
}

std::string_view TextOption(const erato_options* options, erato_option key) {
  const OptionValue* value = Find(options, key);
  return value != nullptr ? std::string_view(std::get<std::string>(*value)) : FindOption(key)->text;
}

std::vector<std::string> ListOption(const erato_options* options, erato_option key) {
  const OptionValue* value = Find(options, key);
  return value != nullptr ? std::get<std::vector<std::string>>(*value) : std::vector<std::string>();
}

}  // namespace erato::capi

using namespace erato::capi;  // NOLINT: the C functions below are the namespace's outside
using erato::Concat;

extern "C" {

erato_status erato_options_create(erato_options_kind kind, erato_options** options,
                                  erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{options, "options"}}));
    if (kind < ERATO_OPTIONS_LOAD || kind > ERATO_OPTIONS_READ) {
      return Fail(ERATO_INVALID_ARGUMENT, Concat("[options] kind, got ", kind), "kind");
    }
    *options = new erato_options{kind};
    return absl::OkStatus();
  });
}

void erato_options_free(erato_options* options) { delete options; }

erato_status erato_options_set_int(erato_options* options, erato_option key, int64_t value,
                                   erato_error** error) {
  return Guard(error, [&] { return Set(options, key, ERATO_OPTION_INT, value); });
}

erato_status erato_options_set_float(erato_options* options, erato_option key, double value,
                                     erato_error** error) {
  return Guard(error, [&] { return Set(options, key, ERATO_OPTION_FLOAT, value); });
}

erato_status erato_options_set_bool(erato_options* options, erato_option key, int32_t value,
                                    erato_error** error) {
  return Guard(error, [&] { return Set(options, key, ERATO_OPTION_BOOL, int64_t{value}); });
}

erato_status erato_options_set_text(erato_options* options, erato_option key, const char* value,
                                    size_t value_bytes, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const auto text, TextArgument(value, value_bytes, "value"));
    return Set(options, key, ERATO_OPTION_TEXT, std::string(text));
  });
}

erato_status erato_options_add_text(erato_options* options, erato_option key, const char* value,
                                    size_t value_bytes, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const auto text, TextArgument(value, value_bytes, "value"));
    return Add(options, key, text);
  });
}

erato_status erato_options_set_by_name(erato_options* options, const char* name, size_t name_bytes,
                                       const char* value, size_t value_bytes, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{options, "options"}}));
    ERATO_ASSIGN_OR_RETURN(const auto key, TextArgument(name, name_bytes, "name"));
    ERATO_ASSIGN_OR_RETURN(const auto text, TextArgument(value, value_bytes, "value"));
    return SetByName(options, key, text);
  });
}

erato_status erato_options_reset(erato_options* options, erato_option key, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(SpecFor(options, key).status());
    options->values.erase(key);
    return absl::OkStatus();
  });
}

erato_status erato_options_get_int(const erato_options* options, erato_option key, int64_t* value,
                                   erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{value, "value"}}));
    ERATO_RETURN_IF_ERROR(SpecFor(options, key, ERATO_OPTION_INT).status());
    *value = IntOption(options, key);
    return absl::OkStatus();
  });
}

erato_status erato_options_get_float(const erato_options* options, erato_option key, double* value,
                                     erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{value, "value"}}));
    ERATO_RETURN_IF_ERROR(SpecFor(options, key, ERATO_OPTION_FLOAT).status());
    *value = FloatOption(options, key);
    return absl::OkStatus();
  });
}

erato_status erato_options_get_bool(const erato_options* options, erato_option key, int32_t* value,
                                    erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{value, "value"}}));
    ERATO_RETURN_IF_ERROR(SpecFor(options, key, ERATO_OPTION_BOOL).status());
    *value = static_cast<int32_t>(IntOption(options, key));
    return absl::OkStatus();
  });
}

erato_status erato_options_get_text(const erato_options* options, erato_option key, size_t index,
                                    const char** value, size_t* value_bytes, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{value, "value"}, {value_bytes, "value_bytes"}}));
    ERATO_ASSIGN_OR_RETURN(const OptionSpec* spec, SpecFor(options, key));
    std::string_view text;
    if (spec->type == ERATO_OPTION_TEXT && index == 0) {
      text = TextOption(options, key);
    } else {
      const OptionValue* list = Find(options, key);
      const auto* items = list ? std::get_if<std::vector<std::string>>(list) : nullptr;
      if (spec->type != ERATO_OPTION_TEXT && spec->type != ERATO_OPTION_LIST) {
        return SpecFor(options, key, ERATO_OPTION_TEXT).status();
      }
      if (items == nullptr || index >= items->size()) {
        return Fail(ERATO_NOT_FOUND, Concat("[option ", spec->name, "] index, got ", index),
                    spec->name);
      }
      text = (*items)[index];
    }
    *value = text.data();
    *value_bytes = text.size();
    return absl::OkStatus();
  });
}

erato_status erato_option_find(erato_options_kind kind, const char* name, size_t name_bytes,
                               erato_option* key, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{key, "key"}}));
    ERATO_ASSIGN_OR_RETURN(const auto wanted, TextArgument(name, name_bytes, "name"));
    ERATO_ASSIGN_OR_RETURN(const OptionSpec* spec, ByName(kind, wanted));
    *key = spec->key;
    return absl::OkStatus();
  });
}

erato_status erato_option_bounds_int(erato_option key, int64_t* least, int64_t* greatest,
                                     erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{least, "least"}, {greatest, "greatest"}}));
    double low = 0, high = 0;
    ERATO_RETURN_IF_ERROR(Bounds(key, false, &low, &high));
    *least = static_cast<int64_t>(low);
    *greatest = static_cast<int64_t>(high);
    return absl::OkStatus();
  });
}

erato_status erato_option_bounds_float(erato_option key, double* least, double* greatest,
                                       erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{least, "least"}, {greatest, "greatest"}}));
    return Bounds(key, true, least, greatest);
  });
}

}  // extern "C"
