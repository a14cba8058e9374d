// The text side of a Hugging Face folder: a tokenizer from whichever files it has, and a chat
// template. Weights are not needed.
#ifndef ERATO_CAPI_SRC_TOKENIZER_FOLDER_H_
#define ERATO_CAPI_SRC_TOKENIZER_FOLDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tokenizer/tokenizer.h"

namespace erato::capi {

struct FolderText {
  std::unique_ptr<const Tokenizer> tokenizer;  // null: the folder has none that we know, see `why`
  std::string why;
  std::string chat_template;       // empty = none
  std::vector<std::string> notes;  // what a caller should be told
};

/// Looks for tokenizer.json; else SentencePiece's tokenizer.model (or spiece.model,
/// sentencepiece.bpe.model); else vocab.json with merges.txt; else vocab.txt. tokenizer_config.json
/// and special_tokens_map.json name the special tokens, chat_template.jinja or
/// tokenizer_config.json the template. `end_ids`: further ids that end an answer.
///
/// What is missing or not known to us makes `tokenizer` null; a file that is broken is an error
/// that names it.
absl::StatusOr<FolderText> ReadFolderText(const std::string& folder,
                                          const std::vector<int32_t>& end_ids);

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_TOKENIZER_FOLDER_H_
