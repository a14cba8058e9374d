// erato embed MODEL: texts to vectors.
#include <memory>

#include "samples/erato/batches.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    arguments.OptionalOperands("TEXT", "texts, one array a line out; none: see --lines-json",
                               &texts);
    arguments.Flag("--lines-json", "from stdin, one JSON string a line", &lines);
    options = ReadOptions(arguments);
  }
  ModelArgument model;
  std::vector<std::string> texts;
  bool lines = false;
  Handle<erato_options> options;
};

/// An array of numbers; with a vector a token, an array of such.
std::string Dump(const erato_results* results, size_t item, bool by_token) {
  size_t rows = 0, columns = 0;
  const float* floats = erato_results_floats(results, item, &rows, &columns);
  if (!by_token) return DumpFloats(floats, columns);
  std::string text = "[";
  for (size_t row = 0; row < rows; ++row) {
    text += (row > 0 ? ", " : "") + DumpFloats(floats + row * columns, columns);
  }
  return text + "]";
}

}  // namespace

void AddEmbed(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    if (values->lines != values->texts.empty()) {
      throw Failure("[command line] texts, expected some, or --lines-json and texts on stdin");
    }
    const auto model = LoadForReading(values->model);
    const erato_options* options = values->options.get();
    const bool by_token = TextOption(options, ERATO_READ_POOLING) == "none";
    const auto read = [&](const std::vector<std::string>& texts) {
      const TextArrays arrays(texts);
      return Make<erato_results>(erato_model_embed_each,
                                 static_cast<const erato_model*>(model.get()), arrays.data.data(),
                                 arrays.bytes.data(), texts.size(), options);
    };
    if (values->lines) {
      AnswerTexts(read, [&](const erato_results* results, size_t item, size_t) {
        return Dump(results, item, by_token);
      });
      return 0;
    }
    const auto results = read(values->texts);
    for (size_t i = 0; i < values->texts.size(); ++i) {
      CheckResult(results.get(), i, i);
      Write(Dump(results.get(), i, by_token) + "\n");
    }
    return 0;
  });
}

}  // namespace erato::command
