#include "capi/src/tokenizer_names.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "capi/src/json_fields.h"
#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

constexpr JsonLimits kConfigLimits = {size_t{8} << 20, 32, 500'000, size_t{2} << 20};

absl::StatusOr<Json> ReadJsonFile(const std::string& folder, std::string_view name) {
  ERATO_ASSIGN_OR_RETURN(const auto text, ReadFolderFile(folder, name, kConfigLimits.max_bytes));
  if (!text.has_value()) return Json(Json::Object());
  ERATO_ASSIGN_OR_RETURN(Json json, ParseJson(*text, name, kConfigLimits));
  if (!json.is_object()) {
    return absl::InvalidArgumentError(
        Concat("[", name, "] root, got ", json.type_name(), ", expected an object"));
  }
  return json;
}

// "…", or {"content": "…"}. What is there already stays.
absl::Status ReadName(const JsonFields& fields, const char* name, std::string& value) {
  const Json* const json = fields.Find(name);
  if (json == nullptr || !value.empty()) return absl::OkStatus();
  if (!json->is_object()) return fields.Read(name, value);
  ERATO_ASSIGN_OR_RETURN(const JsonFields token,
                         JsonFields::Of(*json, Concat(fields.where(), " ", name)));
  return token.Read("content", value);
}

absl::Status ReadNames(const JsonFields& fields, TokenizerNames& names) {
  ERATO_RETURN_IF_ERROR(ReadName(fields, "bos_token", names.bos));
  ERATO_RETURN_IF_ERROR(ReadName(fields, "eos_token", names.eos));
  ERATO_RETURN_IF_ERROR(ReadName(fields, "unk_token", names.unknown));
  ERATO_RETURN_IF_ERROR(ReadName(fields, "pad_token", names.padding));
  ERATO_RETURN_IF_ERROR(ReadName(fields, "cls_token", names.cls));
  return ReadName(fields, "sep_token", names.sep);
}

absl::Status ReadFlag(const JsonFields& fields, const char* name, std::optional<bool>& value) {
  if (fields.Find(name) == nullptr) return absl::OkStatus();
  bool flag = false;
  ERATO_RETURN_IF_ERROR(fields.Read(name, flag));
  value = flag;
  return absl::OkStatus();
}

// {"32000": {"content": …, "special": …}, …}
absl::Status ReadAdded(const JsonFields& fields, std::vector<AddedTokenSpec>& out) {
  const Json* const json = fields.Find("added_tokens_decoder");
  if (json == nullptr) return absl::OkStatus();
  const Json::Object* const members = json->object();
  if (members == nullptr) {
    return fields.Wrong("added_tokens_decoder", json->type_name(), "an object");
  }
  for (const auto& [id, value] : *members) {
    ERATO_ASSIGN_OR_RETURN(const JsonFields token,
                           JsonFields::Of(value, Concat(fields.where(), " added_tokens_decoder")));
    AddedTokenSpec spec;
    if (!absl::SimpleAtoi(id, &spec.id)) return token.Wrong("id", Excerpt(id), "a number");
    ERATO_ASSIGN_OR_RETURN(spec.text, token.NeedText("content"));
    ERATO_RETURN_IF_ERROR(token.Read("single_word", spec.single_word));
    ERATO_RETURN_IF_ERROR(token.Read("lstrip", spec.left_strip));
    ERATO_RETURN_IF_ERROR(token.Read("rstrip", spec.right_strip));
    ERATO_RETURN_IF_ERROR(token.Read("normalized", spec.normalized));
    ERATO_RETURN_IF_ERROR(token.Read("special", spec.special));
    out.push_back(std::move(spec));
  }
  return absl::OkStatus();
}

// A text; or [{"name": …, "template": …}, …], of which "default" is the one for a chat.
absl::Status ReadTemplate(const JsonFields& fields, std::string& out) {
  const Json* const json = fields.Find("chat_template");
  if (json == nullptr) return absl::OkStatus();
  if (!json->is_array()) return fields.Read("chat_template", out);
  for (const Json& item : *json->array()) {
    ERATO_ASSIGN_OR_RETURN(const JsonFields named,
                           JsonFields::Of(item, Concat(fields.where(), " chat_template")));
    ERATO_ASSIGN_OR_RETURN(const std::string name, named.NeedText("name"));
    if (name != "default" && json->size() > 1) continue;
    ERATO_ASSIGN_OR_RETURN(out, named.NeedText("template"));
  }
  return absl::OkStatus();
}

absl::Status ReadConfig(const JsonFields& fields, TokenizerNames& names) {
  ERATO_RETURN_IF_ERROR(fields.Read("tokenizer_class", names.tokenizer_class));
  if (names.tokenizer_class.ends_with("Fast")) {
    names.tokenizer_class.erase(names.tokenizer_class.size() - 4);
  }
  ERATO_RETURN_IF_ERROR(ReadFlag(fields, "add_bos_token", names.add_bos));
  ERATO_RETURN_IF_ERROR(ReadFlag(fields, "add_eos_token", names.add_eos));
  ERATO_RETURN_IF_ERROR(ReadFlag(fields, "do_lower_case", names.lowercase));
  ERATO_RETURN_IF_ERROR(ReadFlag(fields, "strip_accents", names.strip_accents));
  ERATO_RETURN_IF_ERROR(ReadFlag(fields, "tokenize_chinese_chars", names.space_ideographs));
  ERATO_RETURN_IF_ERROR(fields.Read("add_prefix_space", names.add_prefix_space));
  ERATO_RETURN_IF_ERROR(ReadAdded(fields, names.added));
  ERATO_RETURN_IF_ERROR(ReadTemplate(fields, names.chat_template));
  return ReadNames(fields, names);
}

}  // namespace

absl::StatusOr<std::optional<std::string>> ReadFolderFile(const std::string& folder,
                                                          std::string_view name, size_t max_bytes) {
  auto file = File::Open(Concat(folder, "/", name));
  if (absl::IsNotFound(file.status())) return std::nullopt;
  if (!file.ok()) return file.status();
  ERATO_ASSIGN_OR_RETURN(std::string text, (*file)->ReadAll(max_bytes));
  return text;
}

absl::StatusOr<TokenizerNames> ReadTokenizerNames(const std::string& folder) {
  TokenizerNames names;
  ERATO_ASSIGN_OR_RETURN(const Json config, ReadJsonFile(folder, "tokenizer_config.json"));
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Of(config, "tokenizer_config.json"));
  ERATO_RETURN_IF_ERROR(ReadConfig(fields, names));
  ERATO_ASSIGN_OR_RETURN(const Json map, ReadJsonFile(folder, "special_tokens_map.json"));
  ERATO_ASSIGN_OR_RETURN(const JsonFields more, JsonFields::Of(map, "special_tokens_map.json"));
  ERATO_RETURN_IF_ERROR(ReadNames(more, names));
  ERATO_ASSIGN_OR_RETURN(auto jinja,
                         ReadFolderFile(folder, "chat_template.jinja", size_t{1} << 20));
  if (jinja.has_value()) names.chat_template = *std::move(jinja);
  return names;
}

}  // namespace erato::capi
