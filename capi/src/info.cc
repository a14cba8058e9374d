#include "capi/src/info.h"

#include <algorithm>

#include "capi/src/error.h"
#include "capi/src/json_object.h"
#include "capi/src/vocabulary.h"
#include "core/base/json.h"
#include "core/base/status.h"
#include "erato/version.h"

namespace erato::capi {
namespace {

constexpr const char* kTemplateKey = "tokenizer.chat_template";

Json IdOrNull(int32_t id) { return id < 0 ? Json() : Json(id); }

Json SummaryJson(const ModelSummary& summary) {
  return JsonObject({{"family", summary.family},
                     {"name", summary.name},
                     {"format", summary.weight_format},
                     {"parameters", summary.parameters},
                     {"weight_bytes", summary.weight_bytes},
                     {"layers", summary.layers},
                     {"width", summary.width},
                     {"heads", summary.heads},
                     {"kv_heads", summary.kv_heads},
                     {"head_width", summary.head_width},
                     {"vocabulary", summary.vocabulary},
                     {"context_tokens", summary.context_length},
                     {"kv_bytes_per_token", summary.kv_bytes_per_token_f16},
                     {"modalities", std::vector<std::string>{"text"}}});
}

std::string PieceOf(const Vocabulary& vocabulary, int32_t id) {
  const bool known = id >= 0 && id < std::ssize(vocabulary.pieces);
  return known ? vocabulary.pieces[static_cast<size_t>(id)] : std::string();
}

void AddSpecial(const Vocabulary* vocabulary, Json& info) {
  info["has_tokenizer"] = vocabulary != nullptr;
  if (vocabulary == nullptr) return;
  info["special"] = JsonObject({{"bos", IdOrNull(vocabulary->bos)},
                                {"eos", IdOrNull(vocabulary->eos)},
                                {"unknown", IdOrNull(vocabulary->unknown)},
                                {"padding", IdOrNull(vocabulary->padding)},
                                {"end", vocabulary->end_of_generation}});
  info["bos_token"] = PieceOf(*vocabulary, vocabulary->bos);
  info["eos_token"] = PieceOf(*vocabulary, vocabulary->eos);
}

absl::StatusOr<std::unique_ptr<ModelFiles>> OpenFiles(const std::string& path) {
  return From(Origin::kFile, ModelFiles::Open(path, FileAccess::kCopy));
}

}  // namespace

std::string ModelInfo(const LoadedModel& model) {
  Json info = SummaryJson(model.summary());
  info["context_tokens"] = model.context_tokens();
  info["device"] = model.device();
  const Tokenizer* tokenizer = model.tokenizer();
  AddSpecial(tokenizer == nullptr ? nullptr : &tokenizer->vocabulary(), info);
  info["has_template"] = model.template_source() != nullptr;
  return WriteJson(info);
}

std::string StatsInfo(const EngineStats& stats) {
  return WriteJson(JsonObject({{"steps", stats.steps},
                               {"prompt_tokens", stats.prompt_tokens},
                               {"generated_tokens", stats.generated_tokens},
                               {"reused_tokens", stats.reused_tokens},
                               {"kv_blocks_used", stats.blocks_used},
                               {"kv_blocks_total", stats.blocks_total}}));
}

std::string LibraryInfo() {
  Json devices = Json::array();
  for (const DeviceDescription& device : DescribeDevices()) {
    devices.push_back(
        JsonObject({{"name", device.name}, {"usable", device.usable}, {"detail", device.detail}}));
  }
  return WriteJson(JsonObject({{"version", erato_version()},
                               {"families", KnownFamilies()},
                               {"devices", std::move(devices)},
                               {"compiler", __VERSION__}}));
}

absl::StatusOr<std::string> FileInfo(const std::string& path) {
  ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
  ERATO_ASSIGN_OR_RETURN(const ModelSummary summary, From(Origin::kFile, Summarise(*files)));
  Json info = SummaryJson(summary);
  info["file_bytes"] = files->total_bytes();
  const gguf::Metadata* metadata = files->gguf();
  const auto vocabulary = metadata == nullptr ? absl::StatusOr<Vocabulary>(absl::NotFoundError(""))
                                              : VocabularyFromGguf(*metadata);
  AddSpecial(vocabulary.ok() ? &*vocabulary : nullptr, info);
  info["has_template"] = metadata != nullptr && metadata->Has(kTemplateKey);
  return WriteJson(info);
}

absl::Status CheckFile(const std::string& path) {
  ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
  ERATO_RETURN_IF_ERROR(From(Origin::kFile, CheckModel(*files)));
  const gguf::Metadata* metadata = files->gguf();
  if (metadata == nullptr || !metadata->Has("tokenizer.ggml.model")) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(auto vocabulary, From(Origin::kFile, VocabularyFromGguf(*metadata)));
  ERATO_RETURN_IF_ERROR(From(Origin::kFile, Tokenizer::Create(std::move(vocabulary)).status()));
  if (!metadata->Has(kTemplateKey)) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(const auto source, From(Origin::kFile, metadata->GetString(kTemplateKey)));
  return From(Origin::kFile, ChatTemplate::Parse(source).status());
}

absl::StatusOr<std::string> EstimateInfo(const std::string& path, const LoadSettings& settings) {
  ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
  ERATO_ASSIGN_OR_RETURN(const ModelSummary summary, From(Origin::kFile, Summarise(*files)));
  const int64_t context = settings.context_tokens > 0
                              ? std::min(settings.context_tokens, summary.context_length)
                              : summary.context_length;
  const int64_t kv = std::min(context * summary.kv_bytes_per_token_f16, settings.engine.kv_bytes);
  // Activations of one step: a handful of rows of the width, and logits of the rows that are asked.
  const int64_t rows = settings.engine.step_tokens;
  const int64_t logit_rows = std::min<int64_t>(rows, BindOptions().max_logit_rows);
  const int64_t float_bytes = sizeof(float);
  const int64_t scratch =
      float_bytes * (rows * summary.width * 12 + logit_rows * summary.vocabulary);
  return WriteJson(JsonObject({{"weights", summary.weight_bytes},
                               {"kv_per_token", summary.kv_bytes_per_token_f16},
                               {"kv", kv},
                               {"context_tokens", context},
                               {"scratch", scratch},
                               {"total", summary.weight_bytes + kv + scratch}}));
}

}  // namespace erato::capi
