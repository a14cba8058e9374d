// Requests to models that read, in the JSON family's shapes: embeddings as OpenAI has them,
// reranking and classification as Jina and Cohere do.
#ifndef ERATO_CAPI_SRC_READ_REQUEST_H_
#define ERATO_CAPI_SRC_READ_REQUEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "capi/src/model.h"
#include "core/base/json.h"

namespace erato::capi {

/// Whether a request asks for reading: it has `input`, or `documents`.
bool IsReadRequest(const Json& json);
/// The whole answer. `documents`: the ranking; `input`: labels where the model has them, else
/// vectors.
absl::StatusOr<std::string> AnswerReadRequest(const ModelRef& model, const Json& json);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_READ_REQUEST_H_
