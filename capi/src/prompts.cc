#include "capi/src/prompts.h"

#include <utility>

#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

constexpr const char* kFile = "config_sentence_transformers.json";

absl::Status Wrong(std::string_view what, std::string_view got, std::string_view expected) {
  return absl::InvalidArgumentError(
      Concat("[", kFile, "] ", what, ", got ", got, ", expected ", expected));
}

}  // namespace

absl::StatusOr<SentencePrompts> ReadSentencePrompts(const ModelFiles& files) {
  SentencePrompts prompts;
  const absl::StatusOr<OwnedJson> json = files.ReadJsonFile("", kFile);
  if (absl::IsNotFound(json.status())) return prompts;
  if (!json.ok()) return json.status();
  const Json& root = **json;
  if (!root.is_object()) return Wrong("root", root.type_name(), "an object");
  if (const auto map = root.find("prompts"); map != root.end() && !map->is_null()) {
    if (!map->is_object()) return Wrong("prompts", map->type_name(), "an object of texts");
    for (const auto& [name, text] : map->items()) {
      if (!text.is_string()) return Wrong(Concat("prompts ", name), text.type_name(), "a text");
      prompts.texts[name] = text.get<std::string>();
    }
  }
  const auto usual = root.find("default_prompt_name");
  if (usual == root.end() || usual->is_null()) return prompts;
  if (!usual->is_string() || !prompts.texts.contains(usual->get<std::string>())) {
    return Wrong("default_prompt_name", usual->type_name(), "the name of one of the prompts");
  }
  prompts.usual = usual->get<std::string>();
  return prompts;
}

}  // namespace erato::capi
