// The texts that a model of sentence-transformers wants before queries, documents, …
#ifndef ERATO_CAPI_SRC_PROMPTS_H_
#define ERATO_CAPI_SRC_PROMPTS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "core/weights/model_files.h"

namespace erato::capi {

struct SentencePrompts {
  std::map<std::string, std::string> texts;  // by name: "query", "document", …
  std::string usual;                         // the name of the one that is used unasked; "" = none
};

/// Of config_sentence_transformers.json; none where there is no such file.
absl::StatusOr<SentencePrompts> ReadSentencePrompts(const ModelFiles& files);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_PROMPTS_H_
