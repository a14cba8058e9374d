// A whole model in 200 kB, made on the spot: weights, vocabulary, chat template.
//
// It is a llama whose next token is known: the output row of token n+1 is the embedding of token n,
// and what the layers add is small. Greedy decoding walks a chain. After the "\n" that ends the
// template's "<|im_start|>assistant\n" it says "Hello world 😀!" (the emoji in two tokens) and ends;
// after <|im_end|> it would say "\n" and begin anew. After a letter comes the next one in ASCII.
#ifndef ERATO_TESTS_CAPI_TINY_MODEL_H_
#define ERATO_TESTS_CAPI_TINY_MODEL_H_

#include <string>

namespace erato::test {

/// "Hello world 😀!"
extern const char kTinyAnswer[];

struct TinyModel {
  int context_tokens = 256;
  bool tokenizer = true;
  bool chat_template = true;
  bool poisoned = false;  // a NaN in the output matrix
  bool thinks = false;    // says "<think>why not</think>\n\n**Yes**!" and the template knows of it
};

/// The bytes of a GGUF file.
std::string TinyModelGguf(const TinyModel& model = {});

}  // namespace erato::test

#endif  // ERATO_TESTS_CAPI_TINY_MODEL_H_
