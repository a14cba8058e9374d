// What an encoder is for. Labels: the class that a config's `architectures` names, and id2label.
// Vectors: modules.json of sentence-transformers lists a Transformer, a Pooling and perhaps a
// Normalize; each has a folder with a config.json. Without it vectors are means of all rows,
// normalised, as that library makes them of a bare model.
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/encoder_keys.h"

namespace erato {
namespace {

constexpr int64_t kMaxLabels = 4096;

absl::Status Wrong(std::string_view file, std::string_view what, const Json& got,
                   std::string_view expected) {
  return absl::InvalidArgumentError(
      Concat("[", file, "] ", what, ", got ", Brief(got), ", expected ", expected));
}

/// "BertForSequenceClassification" → kSequence; what only predicts masked words is for vectors.
absl::StatusOr<LabelSpec::Of> ReadTask(const Keys& keys) {
  const Key key = {"", "architectures"};
  const Json list = keys.Find(key);
  if (list.is_null()) return LabelSpec::Of::kNothing;
  if (!list.is_array() || list.size() != 1 || !list[0].is_string()) {
    return keys.Error(key, list, "a list of one name");
  }
  const std::string& name = *list[0].string();
  const size_t at = name.find("For");
  const std::string task = at == std::string::npos ? "" : name.substr(at + 3);
  if (task == "SequenceClassification") return LabelSpec::Of::kSequence;
  if (task == "TokenClassification") return LabelSpec::Of::kToken;
  if (task.empty() || task == "MaskedLM" || task == "PreTraining") return LabelSpec::Of::kNothing;
  return keys.Error(key, list,
                    "a model, ForMaskedLM, ForSequenceClassification or ForTokenClassification");
}

absl::StatusOr<std::vector<std::string>> ReadLabels(const Keys& keys) {
  const Key key = {"", "id2label"};
  const Json map = keys.Find(key);
  std::vector<std::string> labels;
  if (map.is_null()) {
    ERATO_ASSIGN_OR_RETURN(const int64_t count, keys.Int({"", "num_labels"}, 1, kMaxLabels, 2));
    for (int64_t i = 0; i < count; ++i) labels.push_back(Concat("LABEL_", i));
    return labels;
  }
  const auto size = static_cast<int64_t>(map.is_object() ? map.size() : 0);
  if (size < 1 || size > kMaxLabels) return keys.Error(key, map, "an object of labels");
  for (int64_t i = 0; i < size; ++i) {
    const Json* found = map.Find(Concat(i));
    if (found == nullptr || !found->is_string()) {
      return keys.Error(key, map, Concat("a string for each of 0 to ", size - 1));
    }
    labels.push_back(*found->string());
  }
  return labels;
}

/// The text of a member; "" where it is none.
std::string TextOf(const Json& object, std::string_view name) {
  const Json* member = object.Find(name);
  return member != nullptr && member->is_string() ? *member->string() : "";
}

absl::StatusOr<Pooling> PoolingOf(std::string_view file, const Json& config) {
  constexpr std::pair<const char*, Pooling> kModes[] = {
      {"cls", Pooling::kFirst},     {"cls_token", Pooling::kFirst},
      {"mean", Pooling::kMean},     {"mean_tokens", Pooling::kMean},
      {"max", Pooling::kMax},       {"max_tokens", Pooling::kMax},
      {"lasttoken", Pooling::kLast}};
  std::string name = TextOf(config, "pooling_mode");  // since version 5; before that a flag a mode
  for (const auto& [key, value] : *config.object()) {
    if (!absl::StartsWith(AbslView(key), "pooling_mode_") || value != true) continue;
    if (!name.empty()) return Wrong(file, "pooling modes", config, "one");
    name = key.substr(13);
  }
  for (const auto& [known, pooling] : kModes) {
    if (name == known) return pooling;
  }
  return Wrong(file, "pooling mode", name, "cls, mean, max or lasttoken");
}

absl::Status ReadModules(const Keys& keys, VectorSpec& vectors) {
  const absl::StatusOr<Json> modules = keys.files().ReadJsonFile("", "modules.json");
  if (absl::IsNotFound(modules.status())) return absl::OkStatus();
  if (!modules.ok()) return modules.status();
  const Json& list = *modules;
  if (!list.is_array()) return Wrong("modules.json", "root", list, "a list");
  vectors.normalise = false;
  for (const Json& module : *list.array()) {
    const Json *type = module.Find("type"), *path = module.Find("path");
    if (type == nullptr || !type->is_string() || path == nullptr || !path->is_string()) {
      return Wrong("modules.json", "module", module, "a type and a path");
    }
    const std::string kind = type->string()->substr(type->string()->rfind('.') + 1);
    if (kind == "Pooling") {
      const std::string& folder = *path->string();
      ERATO_ASSIGN_OR_RETURN(const Json config, keys.files().ReadJsonFile(folder, "config.json"));
      const std::string file = Concat(folder, "/config.json");
      if (!config.is_object()) return Wrong(file, "root", config, "an object");
      ERATO_ASSIGN_OR_RETURN(vectors.pooling, PoolingOf(file, config));
    } else if (kind == "Normalize") {
      vectors.normalise = true;
    } else if (kind != "Transformer") {
      return Wrong("modules.json", "module", *type, "Transformer, Pooling or Normalize");
    }
  }
  const absl::StatusOr<Json> text = keys.files().ReadJsonFile("", "sentence_bert_config.json");
  if (absl::IsNotFound(text.status())) return absl::OkStatus();
  if (!text.ok()) return text.status();
  const Json* most = text->Find("max_seq_length");
  if (most == nullptr || most->is_null()) return absl::OkStatus();
  if (!most->is_unsigned() || most->get<uint64_t>() < 1 || most->get<uint64_t>() > (1 << 24)) {
    return Wrong("sentence_bert_config.json", "max_seq_length", *most, "a number of tokens");
  }
  vectors.max_tokens = most->get<int32_t>();
  return absl::OkStatus();
}

absl::Status ReadDimensions(const Keys& keys, EncoderSpec& spec) {
  const Key key = {"", "matryoshka_dimensions"};
  const Json list = keys.Find(key);
  if (list.is_null()) return absl::OkStatus();
  bool good = list.is_array();
  for (size_t i = 0; good && i < list.size(); ++i) {
    good = list[i].is_unsigned() && list[i].get<uint64_t>() >= 1 &&
           list[i].get<uint64_t>() <= static_cast<uint64_t>(spec.width);
    if (good) spec.vectors.dimensions.push_back(list[i].get<int32_t>());
  }
  return good ? absl::OkStatus()
              : keys.Error(key, list, Concat("a list of numbers from 1 to ", spec.width));
}

/// The pooling_type of a GGUF file: 0 none, 1 mean, 2 first, 3 last, 4 a head that ranks.
absl::Status ReadPoolingType(const Keys& keys, VectorSpec& vectors) {
  const Key key = {".pooling_type", ""};
  ERATO_ASSIGN_OR_RETURN(const int64_t type, keys.Int(key, 0, 4, 1));
  if (type == 4) return keys.Error(key, type, "0 (none), 1 (mean), 2 (first) or 3 (last)");
  constexpr Pooling kTypes[] = {Pooling::kMean, Pooling::kMean, Pooling::kFirst, Pooling::kLast};
  vectors.pooling = kTypes[type];
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadPurpose(const Keys& keys, const LabelHeads& heads, EncoderPlan& plan) {
  if (keys.is_gguf()) return ReadPoolingType(keys, plan.spec.vectors);
  LabelSpec& labels = plan.spec.labels;
  ERATO_ASSIGN_OR_RETURN(labels.of, ReadTask(keys));
  // Poolers and the head that predicts words, where they are not run.
  for (const char* part : {"pooler.", "cls.", "lm_head.", "vocab_", "discriminator_predictions."}) {
    plan.names.unused.emplace_back(part);
  }
  ERATO_RETURN_IF_ERROR(ReadModules(keys, plan.spec.vectors));
  ERATO_RETURN_IF_ERROR(ReadDimensions(keys, plan.spec));
  if (labels.of == LabelSpec::Of::kNothing) return absl::OkStatus();
  const bool tokens = labels.of == LabelSpec::Of::kToken;
  labels.dense = tokens ? heads.token : heads.sequence;
  labels.pooling = heads.pooling;
  labels.late = heads.late && !tokens;
  if (labels.dense.empty()) {
    return keys.Error({"", "architectures"}, keys.Find({"", "architectures"}),
                      "a head that this family is known with");
  }
  ERATO_ASSIGN_OR_RETURN(labels.names, ReadLabels(keys));
  return absl::OkStatus();
}

}  // namespace erato
