// The JSON of a safetensors header, event by event: nothing is built but the tensors' descriptions.
#ifndef ERATO_CORE_FORMATS_SAFETENSORS_HEADER_H_
#define ERATO_CORE_FORMATS_SAFETENSORS_HEADER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/base/memory_budget.h"
#include "core/formats/safetensors/safetensors.h"

namespace erato::safetensors {

/// Reads `json` as {"name": {"dtype": …, "shape": […], "data_offsets": [begin, end]},
/// "__metadata__": {"key": "text"}}. Offsets are those of the header, from the begin of the data;
/// sizes and order are not checked yet.
absl::StatusOr<Contents> ParseHeader(std::string_view json, std::string_view where,
                                     MemoryBudget& budget);

}  // namespace erato::safetensors

#endif  // ERATO_CORE_FORMATS_SAFETENSORS_HEADER_H_
