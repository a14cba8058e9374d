// erato: the library at the shell, one subcommand a question. Results go to stdout, all else to
// stderr. Ends with 0, 1 (it could not be done: one line says why) or 2 (a command line that makes
// no sense).
#include <cstdio>
#include <exception>

#include "samples/erato/subcommands.h"

int main(int argc, char** argv) {
  using namespace erato::command;  // NOLINT(google-build-using-namespace): for the table
  try {
    return RunCommandLine(
        argc, argv,
        {
            {"chat", "Talk to a model; with a pipe on stdin it answers and leaves", AddChat},
            {"generate", "Continue a text", AddGenerate},
            {"embed", "Texts to vectors", AddEmbed},
            {"rerank", "How well documents from stdin answer a query", AddRerank},
            {"classify", "Labels of texts from stdin, or of names in them", AddClassify},
            {"info", "What a model file holds", AddInfo},
            {"check", "Whether files are sound models: 0, or 1 and a line each", AddCheck},
            {"tokenize", "Text from stdin to token ids", AddTokenize},
            {"detokenize", "Token ids from stdin, a JSON array a line, to text", AddDetokenize},
            {"render", "Chats from stdin, a JSON object a line, through a template", AddRender},
            {"logits", "Logits after ids from stdin, a JSON array a line", AddLogits},
            {"bench", "Tokens a second: prefill, decode, many sequences", AddBench},
            {"doctor", "What this machine has, and whether Erato works on it", AddDoctor},
        });
  } catch (const std::exception& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "erato: %s\n", failure.what());
    return 1;
  }
}
