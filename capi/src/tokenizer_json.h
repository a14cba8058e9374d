// From a tokenizer.json (Hugging Face tokenizers) to a TokenizerSpec.
#ifndef ERATO_CAPI_SRC_TOKENIZER_JSON_H_
#define ERATO_CAPI_SRC_TOKENIZER_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "capi/src/json_fields.h"
#include "core/base/json.h"
#include "tokenizer/pipeline/spec.h"

namespace erato::capi {

/// INVALID_ARGUMENT names the field that is missing or wrong, UNIMPLEMENTED the component that we
/// do not know. Whether the parts agree is for PipelineTokenizer to say.
absl::StatusOr<TokenizerSpec> TokenizerSpecFromJson(const Json& root);

// Its sections. Null JSON is none.
absl::Status ReadNormalizers(const Json& json, std::vector<NormalizerSpec>& out);
absl::Status ReadPreTokenizers(const Json& json, std::vector<PreTokenizerSpec>& out);
absl::Status ReadTokenizerModel(const Json& json, ModelSpec& out);
absl::Status ReadPostProcessor(const Json& json, TokenizerSpec& out);
absl::Status ReadDecoders(const Json& json, std::vector<PieceDecoderSpec>& out);

// What sections share.
absl::StatusOr<PatternSpec> ReadPattern(const JsonFields& fields);
absl::Status UnknownComponent(const JsonFields& fields, std::string_view type);

/// The templates of BERT and of RoBERTa.
void SetBertTemplate(int32_t cls, int32_t sep, TokenizerSpec& out);
void SetRobertaTemplate(int32_t cls, int32_t sep, TokenizerSpec& out);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TOKENIZER_JSON_H_
