#include "capi/src/info.h"

#include <algorithm>

#include "capi/src/error.h"
#include "capi/src/json_text.h"
#include "capi/src/tokenizer_folder.h"
#include "capi/src/vocabulary.h"
#include "core/base/status.h"
#include "core/device.h"
#include "erato/version.h"
#include "models/estimate.h"
#include "tokenizer/template/builtin.h"

namespace erato::capi {
namespace {

constexpr const char* kTemplateKey = "tokenizer.chat_template";

const char* PoolingName(Pooling pooling) {
  constexpr const char* kNames[] = {"none", "mean", "cls", "last", "max"};
  return kNames[static_cast<size_t>(pooling)];
}

const char* MeaningName(LabelMeaning meaning) {
  constexpr const char* kNames[] = {"softmax", "sigmoid", "raw"};
  return kNames[static_cast<size_t>(meaning)];
}

/// Of what makes vectors or labels.
void AddReading(const ModelSummary& summary, JsonText& json) {
  json.Field("vector_width", summary.vector_width).Field("pooling", PoolingName(summary.pooling));
  json.Field("normalised", summary.normalised).Field("max_tokens", summary.max_tokens);
  json.Key("dimensions").Open('[');
  for (const int32_t dimensions : summary.dimensions) json.Add(dimensions);
  json.Close(']');
  if (summary.labels.empty()) return;
  json.Key("labels").Open('[');
  for (const std::string& label : summary.labels) json.Add(label);
  json.Close(']').Field("labels_of", summary.labels_tokens ? "tokens" : "texts");
  json.Field("scores", MeaningName(summary.label_meaning));
}

void AddSummary(const ModelSummary& summary, int32_t context_tokens, JsonText& json) {
  json.Field("family", summary.family)
      .Field("name", summary.name)
      .Field("format", summary.weight_format)
      .Field("parameters", summary.parameters)
      .Field("weight_bytes", summary.weight_bytes)
      .Field("layers", summary.layers)
      .Field("width", summary.width)
      .Field("heads", summary.heads)
      .Field("kv_heads", summary.kv_heads)
      .Field("head_width", summary.head_width)
      .Field("vocabulary", summary.vocabulary)
      .Field("context_tokens", context_tokens)
      .Field("kv_bytes_per_token", summary.kv_bytes_per_token);
  json.Key("modalities").Open('[').Add("text").Close(']');
  json.Field("task", !summary.vectors ? "generate" : summary.labels.empty() ? "embed" : "classify");
  if (summary.vectors) AddReading(summary, json);
}

void AddId(const char* name, int32_t id, JsonText& json) {
  json.Key(name);
  if (id < 0) {
    json.AddNull();
  } else {
    json.Add(id);
  }
}

void AddPiece(const char* name, const Vocabulary& vocabulary, int32_t id, JsonText& json) {
  const bool known = id >= 0 && id < std::ssize(vocabulary.pieces);
  json.Field(name, known ? std::string_view(vocabulary.pieces[static_cast<size_t>(id)]) : "");
}

void AddSpecial(const Vocabulary* vocabulary, JsonText& json) {
  json.Field("has_tokenizer", vocabulary != nullptr);
  if (vocabulary == nullptr) return;
  json.Key("special").Open('{');
  AddId("bos", vocabulary->bos, json);
  AddId("eos", vocabulary->eos, json);
  AddId("unknown", vocabulary->unknown, json);
  AddId("padding", vocabulary->padding, json);
  json.Key("end").Open('[');
  for (const int32_t id : vocabulary->end_of_generation) json.Add(id);
  json.Close(']').Close('}');
  AddPiece("bos_token", *vocabulary, vocabulary->bos, json);
  AddPiece("eos_token", *vocabulary, vocabulary->eos, json);
}

/// Tokenizer and template, where the files have them.
absl::StatusOr<FolderText> ReadText(const ModelFiles& files, const std::string& path) {
  const gguf::Metadata* metadata = files.gguf();
  if (metadata == nullptr) return ReadFolderText(path, {});
  FolderText text;
  if (metadata->Has("tokenizer.ggml.model")) {
    ERATO_ASSIGN_OR_RETURN(auto vocabulary, VocabularyFromGguf(*metadata));
    ERATO_ASSIGN_OR_RETURN(text.tokenizer, Tokenizer::Create(std::move(vocabulary)));
  }
  if (metadata->Has(kTemplateKey)) {
    ERATO_ASSIGN_OR_RETURN(text.chat_template, metadata->GetString(kTemplateKey));
  }
  return text;
}

absl::StatusOr<std::unique_ptr<ModelFiles>> OpenFiles(const std::string& path) {
  return From(Origin::kFile, ModelFiles::Open(path, FileAccess::kCopy));
}

}  // namespace

std::string ModelInfo(const LoadedModel& model) {
  JsonText json;
  json.Open('{');
  AddSummary(model.summary(), model.context_tokens(), json);
  json.Field("device", model.device());
  const Tokenizer* tokenizer = model.tokenizer();
  AddSpecial(tokenizer == nullptr ? nullptr : &tokenizer->vocabulary(), json);
  json.Field("has_template", model.template_source() != nullptr);
  json.Key("prompts").Open('{');
  for (const auto& [name, text] : model.prompts().texts) json.Field(name, text);
  json.Close('}');
  json.Key("sampling").Open('{');
  for (const auto& [key, value] : model.recommended()) json.Field(erato_option_name(key), value);
  json.Close('}');
  return json.Close('}').Take();
}

std::string StatsInfo(const EngineStats& stats) {
  return JsonText()
      .Open('{')
      .Field("steps", stats.steps)
      .Field("prompt_tokens", stats.prompt_tokens)
      .Field("generated_tokens", stats.generated_tokens)
      .Field("reused_tokens", stats.reused_tokens)
      .Field("kv_blocks_used", stats.blocks_used)
      .Field("kv_blocks_total", stats.blocks_total)
      .Close('}')
      .Take();
}

std::string LibraryInfo() {
  JsonText json;
  json.Open('{').Field("version", erato_version());
  json.Key("families").Open('[');
  for (const std::string& family : KnownFamilies()) json.Add(family);
  json.Close(']').Key("devices").Open('[');
  for (const DeviceDescription& device : DescribeDevices()) {
    json.Open('{').Field("name", device.name).Field("usable", device.usable);
    json.Field("detail", device.detail).Close('}');
  }
  json.Close(']').Key("templates").Open('[');
  for (const BuiltinTemplate& known : BuiltinTemplates()) {
    json.Open('{').Field("name", known.name).Field("models", known.models).Close('}');
  }
  return json.Close(']').Field("compiler", __VERSION__).Close('}').Take();
}

absl::StatusOr<std::string> FileInfo(const std::string& path) {
  ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
  ERATO_ASSIGN_OR_RETURN(const ModelSummary summary, From(Origin::kFile, Summarise(*files)));
  JsonText json;
  json.Open('{');
  AddSummary(summary, summary.context_length, json);
  json.Field("file_bytes", files->total_bytes());
  const auto text = ReadText(*files, path);
  const Tokenizer* tokenizer = text.ok() ? text->tokenizer.get() : nullptr;
  AddSpecial(tokenizer == nullptr ? nullptr : &tokenizer->vocabulary(), json);
  json.Field("has_template", text.ok() && !text->chat_template.empty());
  return json.Close('}').Take();
}

absl::Status CheckFile(const std::string& path) {
  ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
  ERATO_RETURN_IF_ERROR(From(Origin::kFile, CheckModel(*files)));
  ERATO_ASSIGN_OR_RETURN(const FolderText text, From(Origin::kFile, ReadText(*files, path)));
  if (text.chat_template.empty()) return absl::OkStatus();
  return From(Origin::kFile, ChatTemplate::Parse(text.chat_template).status());
}

absl::StatusOr<std::string> EstimateInfo(const std::string& path, const LoadSettings& settings) {
  MemoryEstimate memory;
  int64_t context = 0, kv_per_token = 0;
  if (settings.text_only) {
    // The tokenizer and template are all that is loaded, and whether they can be, only that says.
    const auto ignored = [](LoadStage, double) { return absl::OkStatus(); };
    ERATO_RETURN_IF_ERROR(LoadedModel::Load(path, settings, ignored).status());
  } else {
    ERATO_ASSIGN_OR_RETURN(const auto files, OpenFiles(path));
    ERATO_ASSIGN_OR_RETURN(const ModelSummary summary,
                           From(Origin::kFile, Summarise(*files, settings.purpose)));
    ERATO_ASSIGN_OR_RETURN(const auto device, From(Origin::kDevice, NewBackend(settings.device)));
    ERATO_ASSIGN_OR_RETURN(
        memory, From(Origin::kBind,
                     EstimateMemory(*files, *device, BindOptionsOf(settings), settings.purpose)));
    context = summary.context_length;
    if (settings.context_tokens > 0) context = std::min<int64_t>(context, settings.context_tokens);
    kv_per_token = summary.kv_bytes_per_token;
  }
  const int64_t kv = std::min(context * kv_per_token, settings.engine.kv_bytes);
  return JsonText()
      .Open('{')
      .Field("weights", memory.weight_bytes)
      .Field("kv_per_token", kv_per_token)
      .Field("kv", kv)
      .Field("context_tokens", context)
      .Field("scratch", memory.working_bytes)
      .Field("total", memory.weight_bytes + kv + memory.working_bytes)
      .Close('}')
      .Take();
}

}  // namespace erato::capi
