#include "models/keys.h"

#include <cmath>
#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

constexpr size_t kMaxList = 4096;  // entries of a list that is looked up here: one a layer

/// A GGUF value as JSON. Long arrays (vocabularies) are nobody's hyper-parameter: they become their
/// size.
struct ToJson {
  template <typename T>
  Json operator()(const T& scalar) const {
    return scalar;
  }
  template <typename T>
  Json operator()(const std::vector<T>& list) const {
    if (list.size() > kMaxList) return Concat(list.size(), " values");
    Json::Array items;
    items.reserve(list.size());
    for (const auto& item : list) items.emplace_back(static_cast<T>(item));
    return items;
  }
};

std::string Number(double x) { return Concat(x); }

}  // namespace

std::string Brief(const Json& value) {
  if (value.is_null()) return "nothing";
  std::string text = WriteJson(value);
  if (text.size() > 40) text = Concat(text.substr(0, 37), "...");
  return text;
}

absl::StatusOr<Keys> Keys::Of(const ModelFiles& files) {
  Keys keys;
  keys.files_ = &files;
  if (files.gguf() != nullptr) {
    const Json name = keys.Find({"general.architecture", ""});
    if (!name.is_string()) return keys.Error({"general.architecture", ""}, name, "a string");
    keys.architecture_ = *name.string();
    return keys;
  }
  keys.config_ = files.config();
  if (keys.config_ == nullptr || !keys.config_->is_object()) {
    return absl::InvalidArgumentError("[config.json] content, got no object, expected an object");
  }
  const Json* text = keys.config_->Find("text_config");
  if (text != nullptr && text->is_object()) keys.config_ = text;
  const Json name = keys.Find({"", "model_type"});
  if (!name.is_string()) return keys.Error({"", "model_type"}, name, "a string");
  keys.architecture_ = *name.string();
  return keys;
}

std::string Keys::NameOf(const Key& key) const {
  if (!is_gguf()) return std::string(key.config);
  if (!key.gguf.empty() && key.gguf[0] == '.') return Concat(architecture_, key.gguf);
  return std::string(key.gguf);
}

Json Keys::Find(const Key& key) const {
  const std::string name = NameOf(key);
  if (name.empty()) return Json();
  if (is_gguf()) {
    const gguf::Value* value = files_->gguf()->Find(name);
    return value == nullptr ? Json() : std::visit(ToJson(), *value);
  }
  const Json* at = config_;
  std::string_view rest = name;
  while (true) {
    const size_t slash = rest.find('/');
    at = at->Find(rest.substr(0, slash));
    if (at == nullptr) return Json();
    if (slash == std::string_view::npos) return *at;
    rest.remove_prefix(slash + 1);
  }
}

absl::Status Keys::Error(const Key& key, const Json& got, std::string_view expected) const {
  return absl::InvalidArgumentError(Concat(is_gguf() ? "[gguf metadata] " : "[config.json] ",
                                           NameOf(key), ", got ", Brief(got), ", expected ",
                                           expected));
}

absl::StatusOr<int64_t> Keys::Int(const Key& key, int64_t low, int64_t high,
                                  std::optional<int64_t> otherwise) const {
  const Json value = Find(key);
  if (value.is_null() && otherwise) return *otherwise;
  const bool huge = value.is_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX};
  if (value.is_integer() && !huge) {
    const int64_t number = value.get<int64_t>();
    if (low <= number && number <= high) return number;
  }
  return Error(key, value, Concat("an integer from ", low, " to ", high));
}

absl::StatusOr<double> Keys::Float(const Key& key, double low, double high,
                                   std::optional<double> otherwise) const {
  const Json value = Find(key);
  if (value.is_null() && otherwise) return *otherwise;
  if (value.is_number()) {
    const double number = value.get<double>();
    if (low <= number && number <= high) return number;
  }
  return Error(key, value, Concat("a number from ", Number(low), " to ", Number(high)));
}

absl::StatusOr<bool> Keys::Bool(const Key& key, bool otherwise) const {
  const Json value = Find(key);
  if (value.is_null()) return otherwise;
  if (value.is_boolean()) return value.get<bool>();
  return Error(key, value, "true or false");
}

absl::StatusOr<std::string> Keys::String(const Key& key, std::string_view otherwise) const {
  const Json value = Find(key);
  if (value.is_null()) return std::string(otherwise);
  if (value.is_string()) return *value.string();
  return Error(key, value, "a string");
}

absl::StatusOr<std::optional<std::vector<std::string>>> Keys::Strings(const Key& key,
                                                                      int64_t count) const {
  const Json value = Find(key);
  if (value.is_null()) return std::nullopt;
  bool good = value.is_array() && value.size() == static_cast<size_t>(count);
  std::vector<std::string> out;
  for (size_t i = 0; good && i < value.size(); ++i) {
    good = value[i].is_string();
    if (good) out.push_back(*value[i].string());
  }
  if (!good) return Error(key, value, Concat("a list of ", count, " strings"));
  return out;
}

absl::StatusOr<std::optional<std::vector<bool>>> Keys::Bools(const Key& key, int64_t count) const {
  const Json value = Find(key);
  if (value.is_null()) return std::nullopt;
  bool good = value.is_array() && value.size() == static_cast<size_t>(count);
  std::vector<bool> out;
  for (size_t i = 0; good && i < value.size(); ++i) {
    good = value[i].is_boolean();
    if (good) out.push_back(value[i].get<bool>());
  }
  if (!good) return Error(key, value, Concat("a list of ", count, " booleans"));
  return out;
}

}  // namespace erato
