#include "capi/src/tokenizer_json.h"

#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

absl::Status ReadAddedTokens(const Json& json, std::vector<AddedTokenSpec>& out) {
  if (!json.is_array()) {
    return absl::InvalidArgumentError(
        Concat("[tokenizer.json] added_tokens, got ", json.type_name(), ", expected an array"));
  }
  out.reserve(json.size());
  for (const Json& item : *json.array()) {
    ERATO_ASSIGN_OR_RETURN(
        const JsonFields fields,
        JsonFields::Of(item, Concat("tokenizer.json added_tokens[", out.size(), "]")));
    AddedTokenSpec token;
    ERATO_RETURN_IF_ERROR(fields.Need("id").status());
    ERATO_RETURN_IF_ERROR(fields.Read("id", token.id));
    ERATO_ASSIGN_OR_RETURN(token.text, fields.NeedText("content"));
    ERATO_RETURN_IF_ERROR(fields.Read("single_word", token.single_word));
    ERATO_RETURN_IF_ERROR(fields.Read("lstrip", token.left_strip));
    ERATO_RETURN_IF_ERROR(fields.Read("rstrip", token.right_strip));
    ERATO_RETURN_IF_ERROR(fields.Read("normalized", token.normalized));
    ERATO_RETURN_IF_ERROR(fields.Read("special", token.special));
    out.push_back(std::move(token));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PatternSpec> ReadPattern(const JsonFields& fields) {
  ERATO_ASSIGN_OR_RETURN(const Json* json, fields.Need("pattern"));
  ERATO_ASSIGN_OR_RETURN(const JsonFields pattern,
                         JsonFields::Of(*json, Concat(fields.where(), " pattern")));
  PatternSpec spec;
  spec.is_regex = pattern.Find("Regex") != nullptr;
  ERATO_ASSIGN_OR_RETURN(spec.text, pattern.NeedText(spec.is_regex ? "Regex" : "String"));
  return spec;
}

absl::Status UnknownComponent(const JsonFields& fields, std::string_view type) {
  return absl::UnimplementedError(Concat("[", fields.where(), "] type, got \"", Excerpt(type),
                                         "\", expected one that Erato knows"));
}

absl::StatusOr<TokenizerSpec> TokenizerSpecFromJson(const Json& root) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Of(root, "tokenizer.json"));
  TokenizerSpec spec;
  const auto section = [&fields](const char* name, const auto& read) {
    const Json* const json = fields.Find(name);
    return json == nullptr ? absl::OkStatus() : read(*json);
  };
  ERATO_RETURN_IF_ERROR(section(
      "added_tokens", [&](const Json& json) { return ReadAddedTokens(json, spec.added_tokens); }));
  ERATO_RETURN_IF_ERROR(section(
      "normalizer", [&](const Json& json) { return ReadNormalizers(json, spec.normalizers); }));
  ERATO_RETURN_IF_ERROR(section("pre_tokenizer", [&](const Json& json) {
    return ReadPreTokenizers(json, spec.pre_tokenizers);
  }));
  ERATO_ASSIGN_OR_RETURN(const Json* model, fields.Need("model"));
  ERATO_RETURN_IF_ERROR(ReadTokenizerModel(*model, spec.model));
  ERATO_RETURN_IF_ERROR(
      section("post_processor", [&](const Json& json) { return ReadPostProcessor(json, spec); }));
  ERATO_RETURN_IF_ERROR(
      section("decoder", [&](const Json& json) { return ReadDecoders(json, spec.decoders); }));
  if (spec.decoders.empty()) {
    PieceDecoderSpec join;
    join.kind = PieceDecoderSpec::Kind::kJoin;
    spec.decoders.push_back(std::move(join));
  }
  if (const Json* truncation = fields.Find("truncation"); truncation != nullptr) {
    ERATO_ASSIGN_OR_RETURN(const JsonFields cut,
                           JsonFields::Of(*truncation, "tokenizer.json truncation"));
    ERATO_RETURN_IF_ERROR(cut.Read("max_length", spec.truncation_tokens));
  }
  spec.pads = fields.Find("padding") != nullptr;
  return spec;
}

}  // namespace erato::capi
