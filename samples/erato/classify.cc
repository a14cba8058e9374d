// erato classify MODEL: labels of texts, or of stretches of them, from stdin.
#include <algorithm>
#include <memory>
#include <numeric>

#include "samples/erato/batches.h"
#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    arguments.Flag("--lines-json", "texts from stdin, one JSON string a line (as always)", &lines);
    options = ReadOptions(arguments);
  }
  ModelArgument model;
  bool lines = true;
  Handle<erato_options> options;
};

std::string Label(const erato_model* model, size_t index) {
  size_t bytes = 0;
  const char* text = erato_model_label(model, index, &bytes);
  return DumpText({text, bytes});
}

/// Likeliest first.
std::string DumpScores(const erato_model* model, const float* scores, size_t labels) {
  std::vector<size_t> order(labels);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::string text = "{\"prediction\": " + Label(model, order[0]) +
                     ", \"score\": " + DumpNumber(scores[order[0]]) + ", \"predictions\": [";
  for (const size_t i : order) {
    if (i != order[0]) text += ", ";
    text += "{\"label\": " + Label(model, i) + ", \"score\": " + DumpNumber(scores[i]) + "}";
  }
  return text + "]}";
}

std::string DumpEntities(const std::string& text, const erato_entities* entities) {
  std::string out = "{\"entities\": [";
  for (size_t i = 0; i < erato_entities_count(entities); ++i) {
    const size_t begin = erato_entities_begin(entities, i), end = erato_entities_end(entities, i);
    if (i > 0) out += ", ";
    out += "{\"label\": " + DumpText(erato_entities_label(entities, i, nullptr)) +
           ", \"text\": " + DumpText(text.substr(begin, end - begin)) +
           ", \"begin\": " + std::to_string(begin) + ", \"end\": " + std::to_string(end) +
           ", \"score\": " + DumpNumber(erato_entities_score(entities, i)) + "}";
  }
  return out + "]}";
}

}  // namespace

void AddClassify(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] {
    const auto loaded = values->model.Load();
    const erato_model* model = loaded.get();
    const erato_options* options = values->options.get();
    if (Member(String(Make<erato_text>(erato_model_info, model)), "labels_of") == "tokens") {
      AnswerLines([&](const std::string& line) {
        const std::string text = ParseText(line);
        return DumpEntities(text, Make<erato_entities>(erato_model_find_entities, model,
                                                       text.data(), text.size(), options)
                                      .get());
      });
      return 0;
    }
    AnswerTexts(
        [&](const std::vector<std::string>& texts) {
          const TextArrays arrays(texts);
          return Make<erato_results>(erato_model_classify_each, model, arrays.data.data(),
                                     arrays.bytes.data(), texts.size(), options);
        },
        [&](const erato_results* results, size_t item, size_t) {
          size_t labels = 0;
          const float* scores = erato_results_floats(results, item, nullptr, &labels);
          return DumpScores(model, scores, labels);
        });
    return 0;
  });
}

}  // namespace erato::command
