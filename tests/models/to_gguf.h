// A Hugging Face folder turned into the GGUF file that a converter would make of it: other names,
// norms of Gemma with 1 added, rows of Llama's Wq and Wk laid so that neighbours turn together,
// GPT-2's matrices turned round.
#ifndef ERATO_TESTS_MODELS_TO_GGUF_H_
#define ERATO_TESTS_MODELS_TO_GGUF_H_

#include <string>

#include "core/formats/format.h"
#include "tests/support/gguf_writer.h"

namespace erato::test {

/// `folder` must be one of the tiny models; matrices whose rows are whole blocks are written as
/// `matrices`, all else as float32. The test fails where the folder cannot be read.
GgufWriter ToGguf(const std::string& folder, Format matrices = Format::kF32);

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_TO_GGUF_H_
