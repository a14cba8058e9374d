// erato generate MODEL: continues a text or ids, without any template.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "samples/erato/command.h"
#include "samples/erato/lines.h"
#include "samples/erato/options.h"

namespace erato::command {
namespace {

struct Arguments {
  explicit Arguments(CLI::App& command)
      : model(command), options(AddOptions(command, ERATO_OPTIONS_GENERATE)) {
    auto* given = command.add_option("--prompt", prompt,
                                     "the text; stdin where neither this nor --ids is given");
    command.add_option("--ids", ids, "JSON array of ids to continue instead")->excludes(given);
    command.add_flag("--special", special,
                     "spelled control tokens in the prompt become control tokens");
    command.add_flag("--greedy", greedy, "always the likeliest token");
    command.add_flag("--json", json, "one JSON object: text, ids, counts, finish, seconds");
  }
  ModelArgument model;
  Handle<erato_options> options;
  std::optional<std::string> prompt, ids;
  bool special = false, greedy = false, json = false;
};

Handle<erato_stream> Start(const erato_model* model, const Arguments& arguments) {
  const erato_options* options = arguments.options.get();
  if (arguments.ids) {
    const std::vector<int32_t> ids = ParseIds(*arguments.ids);
    return Make<erato_stream>(erato_model_generate_ids, model, ids.data(), ids.size(), options);
  }
  const std::string prompt = arguments.prompt ? *arguments.prompt : ReadAllInput();
  const int32_t flags = ERATO_TEXT_ADD_SPECIAL | (arguments.special ? ERATO_TEXT_TRUSTED : 0);
  return Make<erato_stream>(erato_model_generate, model, prompt.data(), prompt.size(), flags,
                            options);
}

void Generate(const Arguments& arguments) {
  if (arguments.greedy) Set(arguments.options.get(), "temperature", "0");
  const auto model = arguments.model.Load();
  const auto stream = Start(model.get(), arguments);
  std::string text;
  std::vector<int32_t> ids;
  for (bool more = true; more;) {
    more = Call(erato_stream_advance, stream.get()) == ERATO_OK;
    size_t count = 0;
    const int32_t* taken = erato_stream_ids(stream.get(), &count);
    ids.insert(ids.end(), taken, taken + count);
    const std::string_view piece = Piece(stream.get());
    if (arguments.json) {
      text += piece;
    } else {
      std::fwrite(piece.data(), 1, piece.size(), stdout);
      if (std::fflush(stdout) != 0) throw Failure("[stdout] write failed");
    }
  }
  if (!arguments.json) {
    std::puts("");
    return;
  }
  const nlohmann::ordered_json result = {
      {"text", text},
      {"ids", ids},
      {"finish", erato_finish_name(erato_stream_finish_reason(stream.get()))},
      {"prompt_tokens", erato_stream_prompt_tokens(stream.get())},
      {"generated_tokens", erato_stream_generated_tokens(stream.get())},
      {"prompt_seconds", erato_stream_prompt_seconds(stream.get())},
      {"generate_seconds", erato_stream_generate_seconds(stream.get())},
  };
  std::puts(result.dump().c_str());
}

}  // namespace

void AddGenerate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("generate", "Continue a text");
  auto arguments = std::make_shared<Arguments>(*command);
  command->callback([arguments] { Generate(*arguments); });
}

}  // namespace erato::command
