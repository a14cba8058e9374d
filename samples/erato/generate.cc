// erato generate MODEL: continues a text or ids, without any template.
#include <cstdio>
#include <memory>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    options = arguments.LibraryOptions(ERATO_OPTIONS_GENERATE);
    arguments.Text("--prompt", "the text; stdin where neither this nor --ids is given", &prompt);
    arguments.Text("--ids", "JSON array of ids to continue instead", &ids);
    arguments.AtMostOne("--prompt", "--ids");
    arguments.Flag("--special", "spelled control tokens become control tokens", &special);
    arguments.Flag("--greedy", "always the likeliest token", &greedy);
    arguments.Flag("--json", "one JSON object: text, ids, counts, finish, seconds", &json);
  }
  ModelArgument model;
  Handle<erato_options> options;
  std::optional<std::string> prompt, ids;
  bool special = false, greedy = false, json = false;
};

Handle<erato_stream> Start(const erato_model* model, const Values& values) {
  const erato_options* options = values.options.get();
  if (values.ids) {
    const std::vector<int32_t> ids = ParseIds(*values.ids);
    return Make<erato_stream>(erato_model_generate_ids, model, ids.data(), ids.size(), options);
  }
  const std::string prompt = values.prompt ? *values.prompt : ReadAllInput();
  const int32_t flags = ERATO_TEXT_ADD_SPECIAL | (values.special ? ERATO_TEXT_TRUSTED : 0);
  return Make<erato_stream>(erato_model_generate, model, prompt.data(), prompt.size(), flags,
                            options);
}

void Print(const erato_stream* stream, const std::string& text, const std::vector<int32_t>& ids) {
  std::printf(
      "{\"text\": %s, \"ids\": %s, \"finish\": \"%s\", \"prompt_tokens\": %lld, "
      "\"generated_tokens\": %lld, \"prompt_seconds\": %.6f, \"generate_seconds\": %.6f}\n",
      DumpText(text).c_str(), DumpIds(ids.data(), ids.size()).c_str(),
      erato_finish_name(erato_stream_finish_reason(stream)),
      static_cast<long long>(erato_stream_prompt_tokens(stream)),
      static_cast<long long>(erato_stream_generated_tokens(stream)),
      erato_stream_prompt_seconds(stream), erato_stream_generate_seconds(stream));
}

int Generate(const Values& values) {
  if (values.greedy) SetOption(values.options.get(), "temperature", "0");
  const auto model = values.model.Load();
  const auto stream = Start(model.get(), values);
  std::string text;
  std::vector<int32_t> ids;
  for (bool more = true; more;) {
    more = Call(erato_stream_advance, stream.get()) == ERATO_OK;
    size_t count = 0;
    const int32_t* taken = erato_stream_ids(stream.get(), &count);
    ids.insert(ids.end(), taken, taken + count);
    const std::string_view piece = Piece(stream.get());
    if (values.json) {
      text += piece;
    } else {
      Write(piece);
    }
  }
  if (values.json) {
    Print(stream.get(), text, ids);
  } else {
    Write("\n");
  }
  return 0;
}

}  // namespace

void AddGenerate(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] { return Generate(*values); });
}

}  // namespace erato::command
