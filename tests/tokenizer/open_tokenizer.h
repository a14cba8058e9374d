// The tokenizer of a folder or a GGUF file, without a model.
#ifndef ERATO_TESTS_TOKENIZER_OPEN_TOKENIZER_H_
#define ERATO_TESTS_TOKENIZER_OPEN_TOKENIZER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tokenizer/tokenizer.h"

namespace erato::test {

absl::StatusOr<std::unique_ptr<const Tokenizer>> OpenTokenizer(const std::string& path);

}  // namespace erato::test

#endif  // ERATO_TESTS_TOKENIZER_OPEN_TOKENIZER_H_
