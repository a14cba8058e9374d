// What the small files of a Hugging Face folder say about its tokenizer.
#ifndef ERATO_CAPI_SRC_TOKENIZER_NAMES_H_
#define ERATO_CAPI_SRC_TOKENIZER_NAMES_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/json.h"
#include "tokenizer/pipeline/spec.h"

namespace erato::capi {

/// tokenizer_config.json, with special_tokens_map.json and chat_template.jinja.
struct TokenizerNames {
  std::string tokenizer_class;                       // without "Fast"; "" = not said
  std::string bos, eos, unknown, padding, cls, sep;  // "" = not said
  std::optional<bool> add_bos, add_eos, lowercase, strip_accents, space_ideographs;
  bool add_prefix_space = false;
  std::vector<AddedTokenSpec> added;  // added_tokens_decoder
  std::string chat_template;
};

absl::StatusOr<TokenizerNames> ReadTokenizerNames(const std::string& folder);

/// A file of the folder; none where it is not there.
absl::StatusOr<std::optional<std::string>> ReadFolderFile(const std::string& folder,
                                                          std::string_view name, size_t max_bytes);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TOKENIZER_NAMES_H_
