// erato logits MODEL: the raw numbers after ids, for comparing with other implementations.
#include <memory>

#include "samples/erato/batches.h"
#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

/// {"logits": [[…], …]}, each number in the fewest digits that give the same float again.
std::string Dump(const erato_floats* logits) {
  size_t rows = 0, columns = 0;
  const float* values = erato_floats_data(logits, &rows, &columns);
  std::string text = "{\"logits\": [";
  for (size_t row = 0; row < rows; ++row) {
    text += (row > 0 ? ", " : "") + DumpFloats(values + row * columns, columns);
  }
  return text + "]}";
}

}  // namespace

void AddLogits(Arguments& arguments) {
  struct Values {
    explicit Values(Arguments& arguments) : model(arguments) {}
    ModelArgument model;
    bool all = false, last = false;
  };
  auto values = std::make_shared<Values>(arguments);
  arguments.Flag("--all", "after each id", &values->all);
  arguments.Flag("--last", "after the last id", &values->last);
  arguments.ExactlyOne("--all", "--last");
  arguments.Run([values] {
    const auto model = values->model.Load();
    AnswerLines([&](const std::string& line) {
      const std::vector<int32_t> ids = ParseIds(line);
      return Dump(Make<erato_floats>(erato_model_logits, model.get(), ids.data(), ids.size(),
                                     int32_t{values->all})
                      .get());
    });
    return 0;
  });
}

}  // namespace erato::command
