#include "capi/src/model.h"

#include <utility>

#include "capi/src/info.h"
#include "capi/src/options.h"
#include "capi/src/values.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

absl::Status NoProgress(LoadStage, double) { return absl::OkStatus(); }

absl::Status LoadModel(const char* path, const erato_options* options, const LoadProgress& progress,
                       erato_model** model) {
  ERATO_RETURN_IF_ERROR(Given({{path, "path"}, {model, "model"}}));
  ERATO_ASSIGN_OR_RETURN(const LoadSettings settings, ReadLoadOptions(options));
  auto handle = std::make_unique<erato_model>();
  ERATO_ASSIGN_OR_RETURN(handle->loaded, LoadedModel::Load(path, settings, progress));
  *model = handle.release();
  return absl::OkStatus();
}

absl::Status Tell(erato_progress_fn progress, void* user_data, double fraction) {
  int32_t go_on = 0;
  try {
    go_on = progress(fraction, user_data);
  } catch (...) {
    throw CallbackThrew();
  }
  if (go_on != 0) return absl::OkStatus();
  return Fail(ERATO_CANCELLED, "[load] stopped by its progress function");
}

absl::Status Logits(const LoadedModel& model, const int32_t* ids, size_t count, bool all_rows,
                    erato_floats** logits) {
  ERATO_RETURN_IF_ERROR(Given({{logits, "logits"}}));
  ERATO_RETURN_IF_ERROR(model.RequireGenerator());
  ERATO_RETURN_IF_ERROR(model.CheckUnchanged());
  ERATO_ASSIGN_OR_RETURN(const auto tokens, IdsArgument(ids, count, model.vocabulary()));
  if (tokens.empty()) {
    return Fail(ERATO_INVALID_ARGUMENT, "[argument ids] count, got 0, expected at least 1", "ids");
  }
  auto result = std::make_unique<erato_floats>();
  ERATO_ASSIGN_OR_RETURN(result->value,
                         From(Origin::kEngine, model.engine().Logits(tokens, all_rows)));
  result->columns = static_cast<size_t>(model.vocabulary());
  result->rows = result->value.size() / result->columns;
  *logits = result.release();
  return absl::OkStatus();
}

absl::Status StoreText(absl::StatusOr<std::string> made, erato_text** text) {
  ERATO_RETURN_IF_ERROR(made.status());
  *text = new erato_text{*std::move(made)};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ModelRef> ModelArgument(const erato_model* model) {
  ERATO_RETURN_IF_ERROR(Given({{model, "model"}}));
  ERATO_RETURN_IF_ERROR(model->home.Check());
  return model->loaded;
}

absl::StatusOr<std::vector<int32_t>> IdsArgument(const int32_t* ids, size_t count,
                                                 int32_t vocabulary) {
  if (count > 0) ERATO_RETURN_IF_ERROR(Given({{ids, "ids"}}));
  for (size_t i = 0; i < count; ++i) {
    if (ids[i] >= 0 && ids[i] < vocabulary) continue;
    return Fail(
        ERATO_INVALID_ARGUMENT,
        Concat("[argument ids] id ", i, ", got ", ids[i], ", expected 0 to ", vocabulary - 1),
        "ids");
  }
  return std::vector<int32_t>(ids, ids + count);
}

}  // namespace erato::capi

using namespace erato::capi;  // NOLINT

extern "C" {

erato_status erato_model_load(const char* path, const erato_options* options, erato_model** model,
                              erato_error** error) {
  return Guard(error, [&] { return LoadModel(path, options, NoProgress, model); });
}

erato_status erato_model_load_with_progress(const char* path, const erato_options* options,
                                            erato_progress_fn progress, void* user_data,
                                            erato_model** model, erato_error** error) {
  return Guard(error, [&] {
    const auto tell = [&](LoadStage, double fraction) {
      return progress == nullptr ? absl::OkStatus() : Tell(progress, user_data, fraction);
    };
    return LoadModel(path, options, tell, model);
  });
}

void erato_model_free(erato_model* model) {
  if (model != nullptr && model->home.here()) GuardFree([&] { delete model; });
}

erato_status erato_model_info(const erato_model* model, erato_text** json, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_RETURN_IF_ERROR(Given({{json, "json"}}));
    return StoreText(ModelInfo(*loaded), json);
  });
}

erato_status erato_model_stats(const erato_model* model, erato_text** json, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_RETURN_IF_ERROR(Given({{json, "json"}}));
    ERATO_RETURN_IF_ERROR(loaded->RequireGenerator());
    return StoreText(StatsInfo(loaded->engine().stats()), json);
  });
}

int32_t erato_model_context_tokens(const erato_model* model) {
  return model == nullptr ? 0 : model->loaded->context_tokens();
}

int32_t erato_model_vocabulary(const erato_model* model) {
  return model == nullptr ? 0 : model->loaded->vocabulary();
}

erato_status erato_model_template(const erato_model* model, erato_text** source,
                                  erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    ERATO_RETURN_IF_ERROR(Given({{source, "source"}}));
    const std::string* known = loaded->template_source();
    if (known == nullptr) return Fail(ERATO_NOT_FOUND, "[model] chat template, got none");
    return StoreText(*known, source);
  });
}

erato_status erato_model_logits(const erato_model* model, const int32_t* ids, size_t count,
                                int32_t all_rows, erato_floats** logits, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_ASSIGN_OR_RETURN(const ModelRef loaded, ModelArgument(model));
    return Logits(*loaded, ids, count, all_rows != 0, logits);
  });
}

erato_status erato_file_info(const char* path, erato_text** json, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{path, "path"}, {json, "json"}}));
    return StoreText(FileInfo(path), json);
  });
}

erato_status erato_file_check(const char* path, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{path, "path"}}));
    return CheckFile(path);
  });
}

erato_status erato_file_estimate(const char* path, const erato_options* options, erato_text** json,
                                 erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{path, "path"}, {json, "json"}}));
    ERATO_ASSIGN_OR_RETURN(const LoadSettings settings, ReadLoadOptions(options));
    return StoreText(EstimateInfo(path, settings), json);
  });
}

erato_status erato_library_info(erato_text** json, erato_error** error) {
  return Guard(error, [&]() -> absl::Status {
    ERATO_RETURN_IF_ERROR(Given({{json, "json"}}));
    return StoreText(LibraryInfo(), json);
  });
}

}  // extern "C"
