#include "capi/src/loaded_model.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "capi/src/error.h"
#include "capi/src/log.h"
#include "capi/src/options.h"
#include "capi/src/recommended.h"
#include "capi/src/tokenizer_folder.h"
#include "capi/src/vocabulary.h"
#include "core/base/concat.h"
#include "core/base/status.h"
#include "tokenizer/template/builtin.h"

namespace erato::capi {
namespace {

// What the folder says of its end; a tokenizer's vocabulary knows its own.
std::vector<int32_t> EndIdsOf(const ModelFiles& files) {
  std::vector<int32_t> ids;
  for (const Json* json : {files.generation_config(), files.config()}) {
    const Json* end = json == nullptr ? nullptr : json->Find("eos_token_id");
    if (end == nullptr) continue;
    const auto add = [&ids](const Json& id) {
      if (id.is_integer()) ids.push_back(static_cast<int32_t>(id.get<int64_t>()));
    };
    if (!end->is_array()) add(*end);
    for (size_t i = 0; i < end->size() && end->is_array(); ++i) add((*end)[i]);
    if (!ids.empty()) break;
  }
  return ids;
}

}  // namespace

absl::StatusOr<LoadSettings> ReadLoadOptions(const erato_options* options) {
  ERATO_RETURN_IF_ERROR(CheckKind(options, ERATO_OPTIONS_LOAD));
  LoadSettings settings;
  settings.device.name = TextOption(options, ERATO_LOAD_DEVICE);
  settings.device.isa = TextOption(options, ERATO_LOAD_ISA);
  settings.device.threads = static_cast<int>(IntOption(options, ERATO_LOAD_THREADS));
  if (TextOption(options, ERATO_LOAD_ACCESS) == "map") settings.access = FileAccess::kMap;
  settings.context_tokens = static_cast<int32_t>(IntOption(options, ERATO_LOAD_CONTEXT_TOKENS));
  settings.sequences = static_cast<int32_t>(IntOption(options, ERATO_LOAD_SEQUENCES));
  const int64_t kv_bytes = IntOption(options, ERATO_LOAD_KV_BYTES);
  if (kv_bytes > 0) settings.engine.kv_bytes = kv_bytes;
  settings.engine.step_tokens = static_cast<int32_t>(IntOption(options, ERATO_LOAD_STEP_TOKENS));
  const std::string_view task = TextOption(options, ERATO_LOAD_TASK);
  if (task == "generate") settings.purpose = Purpose::kGenerate;
  if (task == "embed") settings.purpose = Purpose::kVectors;
  settings.text_only = task == "text";
  settings.chat_template = TextOption(options, ERATO_LOAD_TEMPLATE);
  const std::string_view weights = TextOption(options, ERATO_LOAD_WEIGHTS);
  if (weights == "f32") settings.precision = Precision::kFloat32;
  if (weights == "bf16") settings.precision = Precision::kBfloat16;
  if (weights == "int8") settings.precision = Precision::kInt8;
  return settings;
}

BindOptions BindOptionsOf(const LoadSettings& settings) {
  BindOptions bind;
  bind.max_rows = settings.engine.step_tokens;
  bind.max_logit_rows = settings.sequences;
  bind.max_context = settings.context_tokens;
  bind.precision = settings.precision;
  return bind;
}

absl::StatusOr<std::shared_ptr<LoadedModel>> LoadedModel::Load(const std::string& path,
                                                               const LoadSettings& settings,
                                                               const LoadProgress& progress) {
  std::shared_ptr<LoadedModel> loaded(new LoadedModel);
  ERATO_RETURN_IF_ERROR(progress(LoadStage::kOpening, 0));
  if (settings.text_only) {
    ERATO_RETURN_IF_ERROR(loaded->OpenForText(path, settings.access));
  } else {
    ERATO_ASSIGN_OR_RETURN(loaded->files_,
                           From(Origin::kFile, ModelFiles::Open(path, settings.access)));
    ERATO_RETURN_IF_ERROR(loaded->LoadWeights(settings, progress));
  }
  ERATO_RETURN_IF_ERROR(progress(LoadStage::kText, 0.97));
  ERATO_RETURN_IF_ERROR(loaded->LoadText(path));
  if (!settings.chat_template.empty()) {
    ERATO_RETURN_IF_ERROR(loaded->ReplaceTemplate(settings.chat_template));
  }
  if (settings.access == FileAccess::kCopy) loaded->files_.reset();
  ERATO_RETURN_IF_ERROR(progress(LoadStage::kReady, 1));
  Log(ERATO_LOG_INFO, "loaded ", loaded->summary_.family, ", ", loaded->summary_.parameters,
      " parameters, on ", loaded->device());
  return loaded;
}

absl::Status LoadedModel::LoadWeights(const LoadSettings& settings, const LoadProgress& progress) {
  ERATO_ASSIGN_OR_RETURN(summary_, From(Origin::kFile, Summarise(*files_, settings.purpose)));
  ERATO_ASSIGN_OR_RETURN(backend_, From(Origin::kDevice, NewBackend(settings.device)));
  BindOptions bind = BindOptionsOf(settings);
  bind.progress = [&](double fraction) {
    return progress(LoadStage::kWeights, 0.02 + 0.95 * fraction);
  };
  return Bind(bind, settings.engine);
}

absl::Status LoadedModel::Bind(const BindOptions& bind, const EngineOptions& engine) {
  if (summary_.vectors) {
    ERATO_ASSIGN_OR_RETURN(encoder_model_,
                           From(Origin::kBind, BindEncoder(*files_, *backend_, bind)));
    context_tokens_ = encoder_model_->context_length();
    encoder_ = std::make_unique<EncoderEngine>(encoder_model_.get(), backend_.get());
    return absl::OkStatus();
  }
  ERATO_ASSIGN_OR_RETURN(model_, From(Origin::kBind, BindModel(*files_, *backend_, bind)));
  context_tokens_ = model_->context_length();
  ERATO_ASSIGN_OR_RETURN(
      engine_, From(Origin::kEngine, Engine::Create(model_.get(), backend_.get(), engine)));
  return absl::OkStatus();
}

// A folder may hold no model at all: its tokenizer's files are enough.
absl::Status LoadedModel::OpenForText(const std::string& path, FileAccess access) {
  auto files = From(Origin::kFile, ModelFiles::Open(path, access));
  if (files.ok()) {
    files_ = *std::move(files);
    return absl::OkStatus();
  }
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? absl::OkStatus() : files.status();
}

absl::Status LoadedModel::LoadText(const std::string& path) {
  if (files_ == nullptr) return LoadFolderText(path);
  end_ids_ = EndIdsOf(*files_);
  recommended_ = RecommendedSampling(*files_);
  const gguf::Metadata* metadata = files_->gguf();
  if (metadata == nullptr) return LoadFolderText(path);
  if (metadata->Has("tokenizer.ggml.model")) return LoadGgufText(*metadata);
  no_tokenizer_ = "[model] missing tokenizer, got none in the model's files";
  no_template_ = no_tokenizer_;
  return absl::OkStatus();
}

absl::Status LoadedModel::LoadFolderText(const std::string& folder) {
  ERATO_ASSIGN_OR_RETURN(FolderText text, From(Origin::kFile, ReadFolderText(folder, end_ids_)));
  for (const std::string& note : text.notes) Log(ERATO_LOG_INFO, note);
  if (text.tokenizer != nullptr) {
    ERATO_RETURN_IF_ERROR(SetTokenizer(std::move(text.tokenizer)));
  } else {
    no_tokenizer_ = text.why;
    Log(ERATO_LOG_WARNING, no_tokenizer_);
  }
  SetTemplate(std::move(text.chat_template));
  if (files_ == nullptr) return absl::OkStatus();
  ERATO_ASSIGN_OR_RETURN(prompts_, From(Origin::kFile, ReadSentencePrompts(*files_)));
  return absl::OkStatus();
}

absl::Status LoadedModel::LoadGgufText(const gguf::Metadata& metadata) {
  auto vocabulary = VocabularyFromGguf(metadata);
  if (vocabulary.ok() && vocabulary->kind == Vocabulary::Kind::kByteBpe &&
      vocabulary->pre_tokenizer.empty()) {
    Log(ERATO_LOG_WARNING,
        "[gguf metadata] tokenizer.ggml.pre, got none, expected the pre-tokenizer's name: words "
        "are cut as by \"gpt-2\", which may differ from how the model was trained");
  }
  auto tokenizer = vocabulary.ok()
                       ? Tokenizer::Create(*std::move(vocabulary))
                       : absl::StatusOr<std::unique_ptr<const Tokenizer>>(vocabulary.status());
  if (absl::IsUnimplemented(tokenizer.status())) {
    no_tokenizer_ = std::string(tokenizer.status().message());
    Log(ERATO_LOG_WARNING, no_tokenizer_);
  } else if (!tokenizer.ok()) {
    return From(Origin::kFile, tokenizer.status());
  } else {
    ERATO_RETURN_IF_ERROR(SetTokenizer(*std::move(tokenizer)));
  }
  const auto source = metadata.GetString("tokenizer.chat_template");
  SetTemplate(std::string(source.value_or("")));
  rerank_template_ = metadata.GetString("tokenizer.chat_template.rerank").value_or("");
  return absl::OkStatus();
}

absl::Status LoadedModel::SetTokenizer(std::unique_ptr<const Tokenizer> tokenizer) {
  if (backend_ == nullptr) {  // text alone: its ids are all that there are
    summary_.vocabulary = tokenizer->size();
  } else if (tokenizer->size() > vocabulary()) {
    return Fail(ERATO_BAD_FILE, Concat("[tokenizer] pieces, got ", tokenizer->size(),
                                       ", expected at most ", vocabulary()));
  }
  tokenizer_ = std::move(tokenizer);
  const Vocabulary& known = tokenizer_->vocabulary();
  end_ids_ = known.end_of_generation;
  if (known.eos >= 0) end_ids_.push_back(known.eos);
  return absl::OkStatus();
}

void LoadedModel::SetTemplate(std::string source) {
  if (source.empty()) {
    no_template_ =
        "[model] chat template, got none in the model's files, expected one, or a choice by the "
        "option template";
    return;
  }
  template_source_ = std::move(source);
  auto parsed = ChatTemplate::Parse(template_source_);
  if (parsed.ok()) {
    template_ = *std::move(parsed);
    template_facts_ = FactsOf(template_source_);
  } else {
    no_template_ = std::string(parsed.status().message());
    Log(ERATO_LOG_WARNING, no_template_);
  }
}

absl::Status LoadedModel::ReplaceTemplate(std::string_view name_or_source) {
  const auto source = From(Origin::kTemplate, BuiltinOrSource(name_or_source));
  if (!source.ok()) return Blame(source.status(), "template");
  auto parsed = From(Origin::kTemplate, ChatTemplate::Parse(*source));
  if (!parsed.ok()) return Blame(parsed.status(), "template");
  template_ = *std::move(parsed);
  template_source_ = *source;
  template_facts_ = FactsOf(*source);
  return absl::OkStatus();
}

absl::Status LoadedModel::RequireWeights() const {
  if (backend_ != nullptr) return absl::OkStatus();
  return Fail(ERATO_UNSUPPORTED,
              "[model] weights, got none, expected a model that is not loaded with task = text");
}

absl::Status LoadedModel::RequireGenerator() const {
  if (engine_ != nullptr) return absl::OkStatus();
  ERATO_RETURN_IF_ERROR(RequireWeights());
  return Fail(ERATO_UNSUPPORTED, Concat("[model] task, got a ", summary_.family, " that makes ",
                                        summary_.labels.empty() ? "vectors" : "labels",
                                        ", expected a model that generates"));
}

absl::StatusOr<EncoderEngine*> LoadedModel::RequireVectors() const {
  if (encoder_ != nullptr) return encoder_.get();
  ERATO_RETURN_IF_ERROR(RequireWeights());
  return Fail(ERATO_UNSUPPORTED,
              Concat("[model] task, got a ", summary_.family,
                     " that generates, expected one that makes vectors: option task = embed"));
}

absl::StatusOr<EncoderEngine*> LoadedModel::RequireLabels() const {
  ERATO_ASSIGN_OR_RETURN(EncoderEngine * encoder, RequireVectors());
  if (encoder->model().labels() > 0) return encoder;
  return Fail(ERATO_UNSUPPORTED, Concat("[model] head, got a ", summary_.family,
                                        " that only makes vectors, expected one with labels"));
}

absl::StatusOr<const Tokenizer*> LoadedModel::RequireTokenizer() const {
  if (tokenizer_ == nullptr) return Fail(ERATO_UNSUPPORTED, no_tokenizer_);
  return tokenizer_.get();
}

absl::StatusOr<std::shared_ptr<const ChatTemplate>> LoadedModel::RequireTemplate() const {
  if (template_ == nullptr) return Fail(ERATO_UNSUPPORTED, no_template_);
  return template_;
}

absl::Status LoadedModel::CheckUnchanged() const {
  if (files_ == nullptr) return absl::OkStatus();
  return From(Origin::kFile, files_->CheckUnchanged());
}

}  // namespace erato::capi
