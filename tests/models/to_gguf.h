// A Hugging Face folder turned into the GGUF file that a converter would make of it: other names,
// norms of Gemma with 1 added, rows of Llama's Wq and Wk laid so that neighbours turn together,
// GPT-2's matrices turned round.
#ifndef ERATO_TESTS_MODELS_TO_GGUF_H_
#define ERATO_TESTS_MODELS_TO_GGUF_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/formats/format.h"
#include "tests/support/gguf_writer.h"

namespace erato::test {

/// What a test wants otherwise.
struct GgufEdits {
  Format matrices = Format::kF32;  // for matrices whose rows are whole blocks of it
  std::string without_key;         // is not written: the test adds its own
  /// May change a tensor; an empty name drops it.
  std::function<void(std::string& name, std::vector<int64_t>& shape, std::vector<float>& values)>
      tensor;
};

/// `folder` must be one of the tiny models. The test fails where it cannot be read.
GgufWriter ToGguf(const std::string& folder, const GgufEdits& edits = {});

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_TO_GGUF_H_
