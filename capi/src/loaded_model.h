// A model with all that an answer needs: weights on a device, an engine, a tokenizer, a template.
// One that generates has an Engine, one that makes vectors or labels an EncoderEngine.
#ifndef ERATO_CAPI_SRC_LOADED_MODEL_H_
#define ERATO_CAPI_SRC_LOADED_MODEL_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/chat.h"
#include "capi/src/prompts.h"
#include "core/device.h"
#include "core/engine/encoder_engine.h"
#include "core/engine/engine.h"
#include "core/weights/model_files.h"
#include "erato/options.h"
#include "models/registry.h"
#include "tokenizer/template/chat_template.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

struct LoadSettings {
  DeviceOptions device;
  FileAccess access = FileAccess::kCopy;
  EngineOptions engine;
  int32_t context_tokens = 0;  // 0 = the model's own
  int32_t sequences = 0;       // that get a token in one step; 0 = as LogitRows has it
  Purpose purpose = Purpose::kByFile;
  Precision precision = Precision::kAsStored;
  bool text_only = false;     // no weights
  std::string chat_template;  // a built-in's name or a source; "" = the model's own
};

enum class LoadStage { kOpening, kWeights, kText, kReady, kFailed };

/// Told between tensors; a status that is not OK ends the load with it.
using LoadProgress = std::function<absl::Status(LoadStage, double fraction)>;

absl::StatusOr<LoadSettings> ReadLoadOptions(const erato_options* options);
/// All but the progress.
BindOptions BindOptionsOf(const LoadSettings& settings);

/// Immutable after Load; every function may be called from any thread.
class LoadedModel {
 public:
  static absl::StatusOr<std::shared_ptr<LoadedModel>> Load(const std::string& path,
                                                           const LoadSettings& settings,
                                                           const LoadProgress& progress);

  /// Of a model that generates: RequireGenerator has said so.
  Engine& engine() const { return *engine_; }
  /// UNSUPPORTED, naming what the model does instead.
  absl::Status RequireGenerator() const;
  absl::StatusOr<EncoderEngine*> RequireVectors() const;
  absl::StatusOr<EncoderEngine*> RequireLabels() const;
  int32_t vocabulary() const { return summary_.vocabulary; }
  int32_t context_tokens() const { return context_tokens_; }
  const ModelSummary& summary() const { return summary_; }
  std::string device() const { return backend_ == nullptr ? "none" : backend_->Describe(); }
  /// Ids that end an answer.
  const std::vector<int32_t>& end_ids() const { return end_ids_; }

  const std::vector<std::pair<erato_option, double>>& recommended() const { return recommended_; }

  /// Null where the files have none that we know.
  const Tokenizer* tokenizer() const { return tokenizer_.get(); }
  const std::string* template_source() const {
    return template_source_.empty() ? nullptr : &template_source_;
  }
  const TemplateFacts& template_facts() const { return template_facts_; }
  const SentencePrompts& prompts() const { return prompts_; }
  /// How query and document are put together for a model that ranks; "" = as a pair.
  const std::string& rerank_template() const { return rerank_template_; }
  /// UNSUPPORTED with the reason where there is none.
  absl::StatusOr<const Tokenizer*> RequireTokenizer() const;
  absl::StatusOr<std::shared_ptr<const ChatTemplate>> RequireTemplate() const;
  /// MODEL_CHANGED where a mapped file is not what it was.
  absl::Status CheckUnchanged() const;

 private:
  LoadedModel() = default;
  absl::Status RequireWeights() const;
  absl::Status LoadWeights(const LoadSettings& settings, const LoadProgress& progress);
  absl::Status Bind(const BindOptions& bind, const EngineOptions& engine);
  absl::Status OpenForText(const std::string& path, FileAccess access);
  absl::Status LoadText(const std::string& path);
  absl::Status LoadFolderText(const std::string& folder);
  absl::Status LoadGgufText(const gguf::Metadata& metadata);
  absl::Status SetTokenizer(std::unique_ptr<const Tokenizer> tokenizer);
  void SetTemplate(std::string source);
  absl::Status ReplaceTemplate(std::string_view name_or_source);

  // In order of need: what is below uses what is above.
  std::unique_ptr<ModelFiles> files_;
  ModelSummary summary_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Model> model_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<EncoderModel> encoder_model_;
  std::unique_ptr<EncoderEngine> encoder_;
  int32_t context_tokens_ = 0;
  std::unique_ptr<const Tokenizer> tokenizer_;
  std::shared_ptr<const ChatTemplate> template_;
  std::string template_source_;
  TemplateFacts template_facts_;
  SentencePrompts prompts_;
  std::string rerank_template_;
  std::string no_tokenizer_, no_template_;  // why there is none
  std::vector<int32_t> end_ids_;
  std::vector<std::pair<erato_option, double>> recommended_;
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_LOADED_MODEL_H_
