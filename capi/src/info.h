// What Erato tells of models, files and itself, as JSON.
#ifndef ERATO_CAPI_SRC_INFO_H_
#define ERATO_CAPI_SRC_INFO_H_

#include <string>

#include "absl/status/statusor.h"
#include "capi/src/loaded_model.h"

namespace erato::capi {

std::string ModelInfo(const LoadedModel& model);
std::string StatsInfo(const EngineStats& stats);
std::string LibraryInfo();

// Weights are not read.
absl::StatusOr<std::string> FileInfo(const std::string& path);
absl::Status CheckFile(const std::string& path);
absl::StatusOr<std::string> EstimateInfo(const std::string& path, const LoadSettings& settings);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_INFO_H_
