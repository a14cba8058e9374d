#include "models/sentence_modules.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato {
namespace {

constexpr int64_t kMaxWidth = 1 << 17, kMaxTokens = 1 << 24;
constexpr size_t kMaxDense = 8;

absl::Status Wrong(std::string_view file, std::string_view what, const Json& got,
                   std::string_view expected) {
  return absl::InvalidArgumentError(
      Concat("[", file, "] ", what, ", got ", Brief(got), ", expected ", expected));
}

/// Null where it is not there. Never a copy: one of a container could not be undone where memory is
/// short (json.h).
const Json& Member(const Json& object, const char* name) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

/// The object in a module's config.json.
struct ModuleConfig {
  std::string file;
  OwnedJson json;
};

absl::StatusOr<ModuleConfig> ReadConfig(const Keys& keys, const std::string& folder) {
  ModuleConfig config{Concat(folder, "/config.json"), {}};
  ERATO_ASSIGN_OR_RETURN(config.json, keys.files().ReadJsonFile(folder, "config.json"));
  if (!config.json->is_object()) return Wrong(config.file, "root", *config.json, "an object");
  return config;
}

absl::StatusOr<Pooling> PoolingOf(const ModuleConfig& module) {
  constexpr std::pair<const char*, Pooling> kModes[] = {
      {"cls", Pooling::kFirst},     {"cls_token", Pooling::kFirst},
      {"mean", Pooling::kMean},     {"mean_tokens", Pooling::kMean},
      {"max", Pooling::kMax},       {"max_tokens", Pooling::kMax},
      {"lasttoken", Pooling::kLast}};
  const Json& config = *module.json;
  const Json& mode = Member(config, "pooling_mode");  // since version 5; before that a flag a mode
  std::string name = mode.is_string() ? mode.get<std::string>() : "";
  for (const auto& [key, value] : config.items()) {
    if (!absl::StartsWith(AbslView(key), "pooling_mode_") || value != true) continue;
    if (!name.empty()) return Wrong(module.file, "pooling modes", config, "one");
    name = key.substr(13);
  }
  for (const auto& [known, pooling] : kModes) {
    if (name == known) return pooling;
  }
  return Wrong(module.file, "pooling mode", name, "cls, mean, max or lasttoken");
}

absl::StatusOr<int32_t> ReadInt(const ModuleConfig& module, const char* name, int64_t high) {
  const Json& value = Member(*module.json, name);
  if (!value.is_number_unsigned() || value.get<uint64_t>() < 1 ||
      value.get<uint64_t>() > static_cast<uint64_t>(high)) {
    return Wrong(module.file, name, value, Concat("1 to ", high));
  }
  return value.get<int32_t>();
}

/// in_features, out_features, bias, activation_function: a class of torch by its whole name.
absl::StatusOr<DenseSpec> DenseOf(const std::string& folder, const ModuleConfig& module,
                                  int32_t width) {
  constexpr std::pair<std::string_view, Activate> kCurves[] = {{"Identity", Activate::kNone},
                                                               {"Tanh", Activate::kTanh},
                                                               {"ReLU", Activate::kRelu},
                                                               {"GELU", Activate::kGelu},
                                                               {"SiLU", Activate::kSilu}};
  ERATO_ASSIGN_OR_RETURN(const int32_t in, ReadInt(module, "in_features", kMaxWidth));
  if (in != width) return Wrong(module.file, "in_features", in, Concat(width));
  DenseSpec dense;
  ERATO_ASSIGN_OR_RETURN(dense.width, ReadInt(module, "out_features", kMaxWidth));
  dense.name = Concat(folder, "/linear");
  const Json& bias = Member(*module.json, "bias");
  if (!bias.is_null() && !bias.is_boolean()) {
    return Wrong(module.file, "bias", bias, "true or false");
  }
  dense.bias = bias != false;
  const Json& curve = Member(*module.json, "activation_function");
  if (!curve.is_null() && !curve.is_string()) {
    return Wrong(module.file, "activation_function", curve, "a name");
  }
  const std::string name = curve.is_null() ? "Tanh" : curve.get<std::string>();
  for (const auto& [known, act] : kCurves) {
    dense.act = act;
    if (std::string_view(name).substr(name.rfind('.') + 1) == known) return dense;
  }
  return Wrong(module.file, "activation_function", curve, "Identity, Tanh, ReLU, GELU or SiLU");
}

absl::Status ReadModule(const Keys& keys, const Json& module, int32_t width, VectorSpec& vectors) {
  if (!Member(module, "type").is_string() || !Member(module, "path").is_string()) {
    return Wrong("modules.json", "module", module, "a type and a path");
  }
  const auto& type = Member(module, "type").get_ref<const std::string&>();
  const auto& folder = Member(module, "path").get_ref<const std::string&>();
  const std::string kind = type.substr(type.rfind('.') + 1);
  if (kind == "Pooling") {
    ERATO_ASSIGN_OR_RETURN(const ModuleConfig config, ReadConfig(keys, folder));
    ERATO_ASSIGN_OR_RETURN(vectors.pooling, PoolingOf(config));
  } else if (kind == "Dense" && vectors.dense.size() < kMaxDense) {
    ERATO_ASSIGN_OR_RETURN(const ModuleConfig config, ReadConfig(keys, folder));
    const int32_t in = vectors.dense.empty() ? width : vectors.dense.back().width;
    ERATO_ASSIGN_OR_RETURN(DenseSpec dense, DenseOf(folder, config, in));
    vectors.dense.push_back(std::move(dense));
  } else if (kind == "Normalize") {
    vectors.normalise = true;
  } else if (kind != "Transformer") {
    return Wrong("modules.json", "module", type,
                 Concat("Transformer, Pooling, Normalize or at most ", kMaxDense, " of Dense"));
  }
  return absl::OkStatus();
}

/// sentence_bert_config.json, or the Transformer's own folder's.
absl::Status ReadMaxTokens(const Keys& keys, VectorSpec& vectors) {
  constexpr const char* kFile = "sentence_bert_config.json";
  const absl::StatusOr<OwnedJson> text = keys.files().ReadJsonFile("", kFile);
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  const Json& most = Member(**text, "max_seq_length");
  if (most.is_null()) return absl::OkStatus();
  if (!most.is_number_unsigned() || most.get<uint64_t>() < 1 || most.get<uint64_t>() > kMaxTokens) {
    return Wrong(kFile, "max_seq_length", most, "a number of tokens");
  }
  vectors.max_tokens = most.get<int32_t>();
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadSentenceModules(const Keys& keys, int32_t width, VectorSpec& vectors) {
  const absl::StatusOr<OwnedJson> modules = keys.files().ReadJsonFile("", "modules.json");
  if (absl::IsNotFound(modules.status())) return absl::OkStatus();
  if (!modules.ok()) return modules.status();
  if (!(*modules)->is_array()) return Wrong("modules.json", "root", **modules, "a list");
  vectors.normalise = false;
  for (const Json& module : **modules) {
    ERATO_RETURN_IF_ERROR(ReadModule(keys, module, width, vectors));
  }
  return ReadMaxTokens(keys, vectors);
}

}  // namespace erato
