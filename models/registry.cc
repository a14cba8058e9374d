#include "models/registry.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "absl/strings/str_join.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/decoder.h"
#include "models/decoder_as_encoder.h"
#include "models/encoder.h"
#include "models/families.h"

namespace erato {
namespace {

using Plan = std::variant<DecoderPlan, EncoderPlan>;

template <typename T, absl::StatusOr<T> (*kPlan)(const Keys&)>
absl::StatusOr<Plan> Make(const Keys& keys) {
  ERATO_ASSIGN_OR_RETURN(T plan, kPlan(keys));
  return Plan(std::move(plan));
}
template <absl::StatusOr<DecoderPlan> (*kPlan)(const Keys&)>
constexpr auto Decodes = Make<DecoderPlan, kPlan>;
template <absl::StatusOr<EncoderPlan> (*kPlan)(const Keys&)>
constexpr auto Encodes = Make<EncoderPlan, kPlan>;

struct Family {
  std::string_view gguf, config;  // general.architecture, model_type; "" = not in that container
  absl::StatusOr<Plan> (*plan)(const Keys&);
};

constexpr Family kFamilies[] = {
    {"llama", "llama", Decodes<PlanLlama>},
    {"", "mistral", Decodes<PlanMistral>},
    {"qwen2", "qwen2", Decodes<PlanQwen2>},
    {"qwen3", "qwen3", Decodes<PlanQwen3>},
    {"gemma3", "gemma3_text", Decodes<PlanGemma3>},
    {"gemma-embedding", "", Decodes<PlanGemma3>},
    {"", "gemma3", Decodes<PlanGemma3>},
    {"gpt2", "gpt2", Decodes<PlanGpt2>},
    {"bert", "bert", Encodes<PlanBert>},
    {"", "roberta", Encodes<PlanRoberta>},
    {"", "xlm-roberta", Encodes<PlanRoberta>},
    {"", "camembert", Encodes<PlanRoberta>},
    {"", "electra", Encodes<PlanElectra>},
    {"", "distilbert", Encodes<PlanDistilBert>},
    {"", "mpnet", Encodes<PlanMpnet>},
    {"", "deberta-v2", Encodes<PlanDeberta>},
    {"nomic-bert", "nomic_bert", Encodes<PlanNomicBert>},
    {"", "gte", Encodes<PlanGte>},
    {"", "new", Encodes<PlanGte>},
    {"", "jina_embeddings_v3", Encodes<PlanJinaV3>},
    {"", "modernbert", Encodes<PlanModernBert>},
    {"", "eurobert", Encodes<PlanEuroBert>},
};

std::string_view NameIn(const Family& family, bool gguf) {
  return gguf ? family.gguf : family.config;
}

absl::StatusOr<Plan> PlanOfFamily(const Keys& keys) {
  std::vector<std::string> known;
  for (const Family& family : kFamilies) {
    const std::string_view name = NameIn(family, keys.is_gguf());
    if (name.empty()) continue;
    if (name == keys.architecture()) return family.plan(keys);
    known.emplace_back(name);
  }
  const absl::Status error = keys.Error({"general.architecture", "model_type"}, keys.architecture(),
                                        Concat("one of ", absl::StrJoin(known, ", ")));
  return keys.architecture().empty() ? error : absl::UnimplementedError(error.message());
}

absl::StatusOr<Plan> PlanOf(const ModelFiles& files, Purpose purpose) {
  ERATO_ASSIGN_OR_RETURN(const Keys keys, Keys::Of(files));
  ERATO_ASSIGN_OR_RETURN(Plan plan, PlanOfFamily(keys));
  const auto* decoder = std::get_if<DecoderPlan>(&plan);
  const std::string& family =
      decoder != nullptr ? decoder->spec.family : std::get<EncoderPlan>(plan).spec.family;
  if (purpose == Purpose::kGenerate && (decoder == nullptr || !decoder->spec.causal)) {
    return absl::UnimplementedError(Concat("[model] family ", family,
                                           ", got one that makes vectors, expected one that "
                                           "generates"));
  }
  if (decoder == nullptr) return plan;
  const bool vectors = purpose == Purpose::kVectors || !decoder->spec.causal ||
                       (purpose == Purpose::kByFile && SaysVectors(keys));
  if (!vectors) return plan;
  ERATO_ASSIGN_OR_RETURN(EncoderPlan encoder, AsEncoder(keys, *decoder));
  return Plan(std::move(encoder));
}

/// The format that most values are in.
std::string CommonFormat(const ModelFiles& files) {
  std::map<Format, int64_t> values;
  for (const TensorEntry& t : files.tensors()) values[t.format] += t.rows() * t.cols();
  const auto most =
      std::max_element(values.begin(), values.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == values.end() ? "" : InfoOf(most->first).name;
}

}  // namespace

std::vector<std::string> KnownFamilies() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) {
    const std::string_view name = NameIn(family, !family.gguf.empty());
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }
  return names;
}

namespace {

/// What decoders and encoders have in common.
template <typename Spec>
ModelSummary SummariseSpec(const Spec& spec) {
  const AttentionSpec& attention = spec.layers[0].token_mixer;
  ModelSummary s;
  s.family = spec.family;
  s.layers = static_cast<int32_t>(spec.layers.size());
  s.width = spec.width;
  s.heads = attention.heads;
  s.kv_heads = attention.kv_heads;
  s.head_width = attention.head_width;
  s.vocabulary = spec.vocabulary;
  s.context_length = spec.context_length;
  return s;
}

ModelSummary SummarisePlan(const DecoderPlan& plan, const ModelFiles& files) {
  ModelSummary s = SummariseSpec(plan.spec);
  const int64_t bytes = KeepsWide(files) ? sizeof(float) : sizeof(uint16_t);
  for (const LayerSpec& layer : plan.spec.layers) {
    s.kv_bytes_per_token += bytes * 2 * layer.token_mixer.kv_heads * layer.token_mixer.head_width;
  }
  return s;
}

ModelSummary SummarisePlan(const EncoderPlan& plan, const ModelFiles&) {
  ModelSummary s = SummariseSpec(plan.spec);
  const VectorSpec& vectors = plan.spec.vectors;
  s.vectors = true;
  s.normalised = vectors.normalise;
  s.pooling = vectors.pooling;
  s.max_tokens =
      vectors.max_tokens > 0 ? std::min(vectors.max_tokens, s.context_length) : s.context_length;
  s.vector_width = vectors.dense.empty() ? s.width : vectors.dense.back().width;
  s.dimensions = vectors.dimensions;
  s.labels = plan.spec.labels.names;
  s.labels_tokens = plan.spec.labels.of == LabelSpec::Of::kToken;
  s.label_meaning = plan.spec.labels.meaning;
  return s;
}

}  // namespace

absl::StatusOr<ModelSummary> Summarise(const ModelFiles& files, Purpose purpose) {
  ERATO_ASSIGN_OR_RETURN(const Plan plan, PlanOf(files, purpose));
  ModelSummary s = std::visit([&](const auto& p) { return SummarisePlan(p, files); }, plan);
  if (files.gguf() != nullptr) {
    if (auto name = files.gguf()->GetString("general.name"); name.ok()) s.name = std::string(*name);
  }
  s.weight_format = CommonFormat(files);
  for (const TensorEntry& t : files.tensors()) {
    s.parameters += t.rows() * t.cols();
    s.weight_bytes += static_cast<int64_t>(t.bytes);
  }
  return s;
}

absl::StatusOr<std::unique_ptr<Model>> BindModel(const ModelFiles& files, Backend& backend,
                                                 const BindOptions& options) {
  ERATO_ASSIGN_OR_RETURN(const Plan plan, PlanOf(files, Purpose::kGenerate));
  ERATO_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> model,
                         Decoder::Bind(std::get<DecoderPlan>(plan), files, backend, options));
  return model;
}

absl::StatusOr<std::unique_ptr<EncoderModel>> BindEncoder(const ModelFiles& files, Backend& backend,
                                                          const BindOptions& options) {
  ERATO_ASSIGN_OR_RETURN(const Plan plan, PlanOf(files, Purpose::kVectors));
  ERATO_ASSIGN_OR_RETURN(std::unique_ptr<Encoder> model,
                         Encoder::Bind(std::get<EncoderPlan>(plan), files, backend, options));
  return model;
}

namespace {

template <typename Weights, typename Plan>
absl::Status CheckPlan(const Plan& plan, const ModelFiles& files) {
  Weights weights;
  ERATO_ASSIGN_OR_RETURN(const std::vector<WeightSlot> slots, SlotsOf(plan, files, weights));
  return CheckSlots(plan.spec.family, plan.names.unused, slots, files);
}

}  // namespace

absl::Status CheckModel(const ModelFiles& files) {
  ERATO_ASSIGN_OR_RETURN(const Plan plan, PlanOf(files, Purpose::kByFile));
  const auto* decodes = std::get_if<DecoderPlan>(&plan);
  return decodes != nullptr ? CheckPlan<DecoderWeights>(*decodes, files)
                            : CheckPlan<EncoderWeights>(std::get<EncoderPlan>(plan), files);
}

}  // namespace erato
