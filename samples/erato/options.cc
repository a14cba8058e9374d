#include "samples/erato/options.h"

#include <algorithm>
#include <vector>

namespace erato::command {

void Set(erato_options* options, const std::string& name, const std::string& value) {
  Call(erato_options_set_by_name, options, name.data(), name.size(), value.data(), value.size());
}

Handle<erato_options> AddOptions(CLI::App& command, erato_options_kind kind) {
  Handle<erato_options> options = Make<erato_options>(erato_options_create, kind);
  for (size_t i = 0; i < erato_option_count(kind); ++i) {
    const erato_option key = erato_option_at(kind, i);
    const std::string name = erato_option_name(key);
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (key == ERATO_LOAD_DEVICE) flag += ",--backend";
    const auto set = [raw = options.get(), name](const std::vector<std::string>& values) {
      try {
        for (const std::string& value : values) Set(raw, name, value);
      } catch (const Failure& failure) {
        throw CLI::ValidationError(failure.what());
      }
      return true;
    };
    const char* choices = erato_option_choices(key);
    CLI::Option* option = command.add_option(flag, set, erato_option_help(key));
    option->type_name(choices != nullptr ? choices : "VALUE")->group("Options of the library");
    option->expected(1, erato_option_type_of(key) == ERATO_OPTION_LIST
                            ? CLI::detail::expected_max_vector_size
                            : 1);
    option->allow_extra_args(false);
  }
  return options;
}

ModelArgument::ModelArgument(CLI::App& command) {
  command.add_option("MODEL", path_, "a .gguf file, or a folder in the layout of Hugging Face")
      ->required();
  options_ = AddOptions(command, ERATO_OPTIONS_LOAD);
}

Handle<erato_model> ModelArgument::Load() const {
  return Make<erato_model>(erato_model_load, path_.c_str(), options_.get());
}

}  // namespace erato::command
