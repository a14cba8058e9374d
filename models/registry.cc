#include "models/registry.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_join.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/decoder.h"
#include "models/families.h"

namespace erato {
namespace {

struct Family {
  std::string_view gguf, config;  // general.architecture, model_type; "" = not in that container
  absl::StatusOr<DecoderPlan> (*plan)(const Keys&);
};

constexpr Family kFamilies[] = {
    {"llama", "llama", PlanLlama},
    {"", "mistral", PlanMistral},
    {"qwen2", "qwen2", PlanQwen2},
    {"qwen3", "qwen3", PlanQwen3},
    {"gemma3", "gemma3_text", PlanGemma3},
    {"", "gemma3", PlanGemma3},
    {"gpt2", "gpt2", PlanGpt2},
};

std::string_view NameIn(const Family& family, bool gguf) {
  return gguf ? family.gguf : family.config;
}

absl::StatusOr<DecoderPlan> PlanOf(const ModelFiles& files) {
  ERATO_ASSIGN_OR_RETURN(const Keys keys, Keys::Of(files));
  std::vector<std::string> known;
  for (const Family& family : kFamilies) {
    const std::string_view name = NameIn(family, keys.is_gguf());
    if (name == keys.architecture()) return family.plan(keys);
    if (!name.empty()) known.emplace_back(name);
  }
  return keys.Error({"general.architecture", "model_type"}, keys.architecture(),
                    Concat("one of ", absl::StrJoin(known, ", ")));
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

absl::StatusOr<ModelSummary> Summarise(const ModelFiles& files) {
  ERATO_ASSIGN_OR_RETURN(const DecoderPlan plan, PlanOf(files));
  const DecoderSpec& spec = plan.spec;
  const AttentionSpec& attention = spec.layers[0].token_mixer;
  ModelSummary s;
  s.family = spec.family;
  if (files.gguf() != nullptr) {
    if (auto name = files.gguf()->GetString("general.name"); name.ok()) s.name = std::string(*name);
  }
  s.weight_format = CommonFormat(files);
  for (const TensorEntry& t : files.tensors()) {
    s.parameters += t.rows() * t.cols();
    s.weight_bytes += static_cast<int64_t>(t.bytes);
  }
  s.layers = static_cast<int32_t>(spec.layers.size());
  s.width = spec.width;
  s.heads = attention.heads;
  s.kv_heads = attention.kv_heads;
  s.head_width = attention.head_width;
  s.vocabulary = spec.vocabulary;
  s.context_length = spec.context_length;
  for (const LayerSpec& layer : spec.layers) {
    s.kv_bytes_per_token_f16 +=
        int64_t{2} * 2 * layer.token_mixer.kv_heads * layer.token_mixer.head_width;
  }
  return s;
}

absl::StatusOr<std::unique_ptr<Model>> BindModel(const ModelFiles& files, Backend& backend,
                                                 const BindOptions& options) {
  ERATO_ASSIGN_OR_RETURN(const DecoderPlan plan, PlanOf(files));
  ERATO_ASSIGN_OR_RETURN(std::unique_ptr<Decoder> model,
                         Decoder::Bind(plan, files, backend, options));
  return model;
}

absl::Status CheckModel(const ModelFiles& files) {
  ERATO_ASSIGN_OR_RETURN(const DecoderPlan plan, PlanOf(files));
  DecoderWeights weights;
  ERATO_ASSIGN_OR_RETURN(const std::vector<WeightSlot> slots, SlotsOf(plan, files, weights));
  return CheckSlots(plan, slots, files);
}

}  // namespace erato
