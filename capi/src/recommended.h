// How a model's makers say that it is to be sampled.
#ifndef ERATO_CAPI_SRC_RECOMMENDED_H_
#define ERATO_CAPI_SRC_RECOMMENDED_H_

#include <utility>
#include <vector>

#include "core/weights/model_files.h"
#include "erato/options.h"

namespace erato::capi {

/// Options of generation and their values: from the GGUF keys general.sampling.*, or from a
/// folder's generation_config.json. What is out of an option's bounds is left out. Nobody applies
/// them but a host that wants to.
std::vector<std::pair<erato_option, double>> RecommendedSampling(const ModelFiles& files);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_RECOMMENDED_H_
