// erato rerank MODEL --query TEXT: how well each document from stdin answers the query.
#include <memory>

#include "samples/erato/batches.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    arguments.RequiredText("--query", "what is asked", &query);
    arguments.Flag("--lines-json", "documents from stdin, one JSON string a line (as always)",
                   &lines);
    options = ReadOptions(arguments);
  }
  ModelArgument model;
  std::string query;
  bool lines = true;
  Handle<erato_options> options;
};

}  // namespace

void AddRerank(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    const auto model = LoadForReading(values->model);
    AnswerTexts(
        [&](const std::vector<std::string>& texts) {
          const TextArrays arrays(texts);
          return Make<erato_results>(
              erato_model_rerank_each, static_cast<const erato_model*>(model.get()),
              values->query.data(), values->query.size(), arrays.data.data(), arrays.bytes.data(),
              texts.size(), static_cast<const erato_options*>(values->options.get()));
        },
        [](const erato_results* results, size_t item, size_t line) {
          const float* scores = erato_results_floats(results, item, nullptr, nullptr);
          return "{\"index\": " + std::to_string(line) +
                 ", \"relevance_score\": " + DumpNumber(scores[1]) +
                 ", \"raw_score\": " + DumpNumber(scores[0]) + "}";
        });
    return 0;
  });
}

}  // namespace erato::command
