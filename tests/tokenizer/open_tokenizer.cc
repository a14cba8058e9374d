#include "tests/tokenizer/open_tokenizer.h"

#include <utility>

#include "capi/src/tokenizer_folder.h"
#include "capi/src/vocabulary.h"
#include "core/base/file.h"
#include "core/formats/gguf/gguf.h"

namespace erato::test {
namespace {

absl::StatusOr<std::unique_ptr<const Tokenizer>> FromGguf(const std::string& path) {
  const auto file = File::Open(path);
  if (!file.ok()) return file.status();
  const auto contents = gguf::Parse(**file);
  if (!contents.ok()) return contents.status();
  auto vocabulary = VocabularyFromGguf(contents->metadata);
  if (!vocabulary.ok()) return vocabulary.status();
  return Tokenizer::Create(*std::move(vocabulary));
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> OpenTokenizer(const std::string& path) {
  if (path.ends_with(".gguf")) return FromGguf(path);
  auto text = capi::ReadFolderText(path, {});
  if (!text.ok()) return text.status();
  if (text->tokenizer == nullptr) return absl::UnimplementedError(text->why);
  return std::move(text->tokenizer);
}

}  // namespace erato::test
