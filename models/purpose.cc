// What an encoder is for. Labels: the class that a config's `architectures` names, id2label and
// problem_type; in GGUF the pooling that ranks and the tensors of its head. Vectors: the modules of
// sentence-transformers, or GGUF's pooling_type; without either they are normalised means of all
// rows, as that library makes them of a bare model.
#include <string>
#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/encoder_keys.h"
#include "models/sentence_modules.h"

namespace erato {
namespace {

constexpr int64_t kMaxLabels = 4096;

/// "BertForSequenceClassification" → kSequence; what only predicts words is for vectors.
absl::StatusOr<LabelSpec::Of> ReadTask(const Keys& keys) {
  const Key key = {"", "architectures"};
  const OwnedJson owned(keys.Find(key));
  const Json& list = *owned;
  if (list.is_null()) return LabelSpec::Of::kNothing;
  if (!list.is_array() || list.size() != 1 || !list[0].is_string()) {
    return keys.Error(key, list, "a list of one name");
  }
  const auto& name = list[0].get_ref<const std::string&>();
  const size_t at = name.find("For");
  const std::string task = at == std::string::npos ? "" : name.substr(at + 3);
  if (task == "SequenceClassification") return LabelSpec::Of::kSequence;
  if (task == "TokenClassification") return LabelSpec::Of::kToken;
  for (const char* words : {"", "MaskedLM", "PreTraining", "CausalLM"}) {
    if (task == words) return LabelSpec::Of::kNothing;
  }
  return keys.Error(key, list,
                    "a model, ForMaskedLM, ForCausalLM, ForSequenceClassification or "
                    "ForTokenClassification");
}

std::vector<std::string> NumberedLabels(int64_t count) {
  std::vector<std::string> labels;
  for (int64_t i = 0; i < count; ++i) labels.push_back(Concat("LABEL_", i));
  return labels;
}

absl::StatusOr<std::vector<std::string>> ReadLabels(const Keys& keys) {
  const Key key = {"", "id2label"};
  const OwnedJson owned(keys.Find(key));
  const Json& map = *owned;
  if (map.is_null()) {
    ERATO_ASSIGN_OR_RETURN(const int64_t count, keys.Int({"", "num_labels"}, 1, kMaxLabels, 2));
    return NumberedLabels(count);
  }
  const auto size = static_cast<int64_t>(map.is_object() ? map.size() : 0);
  if (size < 1 || size > kMaxLabels) return keys.Error(key, map, "an object of labels");
  std::vector<std::string> labels;
  for (int64_t i = 0; i < size; ++i) {
    const auto found = map.find(Concat(i));
    if (found == map.end() || !found->is_string()) {
      return keys.Error(key, map, Concat("a string for each of 0 to ", size - 1));
    }
    labels.push_back(found->get<std::string>());
  }
  return labels;
}

/// problem_type; where a config has none, a single label is a question of yes or no.
absl::Status ReadMeaning(const Keys& keys, LabelSpec& labels) {
  const Key key = {"", "problem_type"};
  ERATO_ASSIGN_OR_RETURN(const std::string name, keys.String(key, ""));
  if (name == "multi_label_classification" || (name.empty() && labels.names.size() == 1)) {
    labels.meaning = LabelMeaning::kEachByItself;
  } else if (name == "regression") {
    labels.meaning = LabelMeaning::kNumber;
  } else if (name.empty() || name == "single_label_classification") {
    labels.meaning = LabelMeaning::kOneOfAll;
  } else {
    return keys.Error(key, name,
                      "single_label_classification, multi_label_classification or regression");
  }
  return absl::OkStatus();
}

absl::Status ReadDimensions(const Keys& keys, int32_t width, VectorSpec& vectors) {
  const Key key = {"", "matryoshka_dimensions"};
  const OwnedJson owned(keys.Find(key));
  const Json& list = *owned;
  if (list.is_null()) return absl::OkStatus();
  bool good = list.is_array();
  for (size_t i = 0; good && i < list.size(); ++i) {
    good = list[i].is_number_unsigned() && list[i].get<uint64_t>() >= 1 &&
           list[i].get<uint64_t>() <= static_cast<uint64_t>(width);
    if (good) vectors.dimensions.push_back(list[i].get<int32_t>());
  }
  return good ? absl::OkStatus()
              : keys.Error(key, list, Concat("a list of numbers from 1 to ", width));
}

DenseSpec GgufDense(const Keys& keys, const std::string& name, int64_t width, Activate act) {
  DenseSpec dense{.name = name, .width = static_cast<int32_t>(width), .act = act};
  dense.bias = keys.files().Find(Concat(name, ".bias")) != nullptr;
  return dense;
}

/// A head that ranks or labels is there where its tensors are: cls (with the tanh of a pooler) and
/// cls.output, or one of the two alone. Converters do not say it by a key.
absl::Status ReadGgufHead(const Keys& keys, LabelSpec& labels) {
  const TensorEntry* inner = keys.files().Find("cls.weight");
  const TensorEntry* outer = keys.files().Find("cls.output.weight");
  if (inner == nullptr && outer == nullptr) return absl::OkStatus();
  const int64_t count = (outer != nullptr ? outer : inner)->rows();
  if (count < 1 || count > kMaxLabels) {
    return absl::InvalidArgumentError(Concat("[tensor] ", outer != nullptr ? "cls.output" : "cls",
                                             ".weight, got ", count, " rows, expected 1 to ",
                                             kMaxLabels, " labels"));
  }
  if (inner != nullptr && outer != nullptr) {
    labels.dense.push_back(GgufDense(keys, "cls", inner->rows(), Activate::kTanh));
  }
  labels.dense.push_back(
      GgufDense(keys, outer != nullptr ? "cls.output" : "cls", 0, Activate::kNone));
  labels.of = LabelSpec::Of::kSequence;
  ERATO_ASSIGN_OR_RETURN(const auto names, keys.Strings({".classifier.output_labels", ""}, count));
  labels.names = names.value_or(NumberedLabels(count));
  return ReadMeaning(keys, labels);
}

/// pooling_type: 0 none, 1 mean, 2 first, 3 last, 4 what a head ranks by. dense_2 and dense_3 are
/// sentence-transformers' modules of these numbers.
absl::Status ReadGgufPurpose(const Keys& keys, const LabelHeads& heads, EncoderPlan& plan) {
  constexpr Pooling kTypes[] = {Pooling::kNone, Pooling::kMean, Pooling::kFirst, Pooling::kLast};
  VectorSpec& vectors = plan.spec.vectors;
  ERATO_ASSIGN_OR_RETURN(const int64_t type, keys.Int({".pooling_type", ""}, 0, 4,
                                                      vectors.pooling == Pooling::kLast ? 3 : 1));
  vectors.pooling = type < 4 ? kTypes[type] : heads.pooling;
  for (const char* name : {"dense_2", "dense_3"}) {
    const TensorEntry* weight = keys.files().Find(Concat(name, ".weight"));
    if (weight == nullptr) continue;
    vectors.dense.push_back(GgufDense(keys, name, weight->rows(), Activate::kNone));
  }
  plan.spec.labels.pooling = heads.pooling;
  ERATO_RETURN_IF_ERROR(ReadGgufHead(keys, plan.spec.labels));
  if (type < 4 || plan.spec.labels.of != LabelSpec::Of::kNothing) return absl::OkStatus();
  return keys.Error({".pooling_type", ""}, type, "a head of tensors cls or cls.output with it");
}

}  // namespace

absl::Status ReadPurpose(const Keys& keys, const LabelHeads& heads, EncoderPlan& plan) {
  if (keys.is_gguf()) return ReadGgufPurpose(keys, heads, plan);
  LabelSpec& labels = plan.spec.labels;
  ERATO_ASSIGN_OR_RETURN(labels.of, ReadTask(keys));
  // Poolers and the head that predicts words, where they are not run.
  for (const char* part : {"pooler.", "cls.", "lm_head.", "vocab_", "discriminator_predictions."}) {
    plan.names.unused.emplace_back(part);
  }
  ERATO_RETURN_IF_ERROR(ReadSentenceModules(keys, plan.spec.width, plan.spec.vectors));
  ERATO_RETURN_IF_ERROR(ReadDimensions(keys, plan.spec.width, plan.spec.vectors));
  if (labels.of == LabelSpec::Of::kNothing) return absl::OkStatus();
  const bool tokens = labels.of == LabelSpec::Of::kToken;
  labels.dense = tokens ? heads.token : heads.sequence;
  labels.pooling = heads.pooling;
  labels.late = heads.late && !tokens;
  if (labels.dense.empty()) {
    return keys.Error({"", "architectures"}, *keys.Find({"", "architectures"}),
                      "a head that this family is known with");
  }
  ERATO_ASSIGN_OR_RETURN(labels.names, ReadLabels(keys));
  return tokens ? absl::OkStatus() : ReadMeaning(keys, labels);
}

}  // namespace erato
