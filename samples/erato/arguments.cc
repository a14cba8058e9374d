#include "samples/erato/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "samples/erato/template_source.h"

namespace erato::command {

constexpr int kUsage = 2;  // exit status of a command line that makes no sense

void Arguments::Footer(const char* text) { app_.footer(text); }

void Arguments::Flag(const char* name, const char* help, bool* value) {
  app_.add_flag(name, *value, help);
}

void Arguments::Text(const char* name, const char* help, std::optional<std::string>* value) {
  app_.add_option_function<std::string>(
      name, [value](const std::string& text) { *value = text; }, help);
}

void Arguments::RequiredText(const char* name, const char* help, std::string* value) {
  app_.add_option(name, *value, help)->required();
}

void Arguments::Number(const char* name, const char* help, int32_t least, int32_t greatest,
                       int32_t* value) {
  app_.add_option(name, *value, help)->check(CLI::Range(least, greatest))->capture_default_str();
}

void Arguments::Operand(const char* name, const char* help, std::string* value) {
  app_.add_option(name, *value, help)->required()->type_name("");
}

void Arguments::OptionalOperand(const char* name, const char* help,
                                std::optional<std::string>* value) {
  Text(name, help, value);
  app_.get_option(name)->type_name("");
}

void Arguments::Operands(const char* name, const char* help, std::vector<std::string>* values) {
  app_.add_option(name, *values, help)->required()->type_name("");
}

void Arguments::OptionalOperands(const char* name, const char* help,
                                 std::vector<std::string>* values) {
  app_.add_option(name, *values, help)->type_name("");
}

void Arguments::AtMostOne(const char* one, const char* other) {
  app_.get_option(one)->excludes(app_.get_option(other));
}

void Arguments::ExactlyOne(const char* one, const char* other) {
  CLI::Option *const first = app_.get_option(one), *const second = app_.get_option(other);
  app_.parse_complete_callback([first, second] {
    if ((first->count() > 0) == (second->count() > 0)) {
      throw CLI::ValidationError("one of " + first->get_name() + " and " + second->get_name() +
                                 " is needed");
    }
  });
}

Handle<erato_options> Arguments::LibraryOptions(erato_options_kind kind,
                                                std::set<std::string>* given) {
  Handle<erato_options> options = Make<erato_options>(erato_options_create, kind);
  for (size_t i = 0; i < erato_option_count(kind); ++i) {
    const erato_option key = erato_option_at(kind, i);
    const std::string name = erato_option_name(key);
    std::string flag = "--" + name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (key == ERATO_LOAD_DEVICE) flag += ",--backend";
    const bool is_template = key == ERATO_LOAD_TEMPLATE;
    const auto set = [=, raw = options.get()](const std::vector<std::string>& values) {
      const std::string only = is_template ? TemplateSource(values.back()) : "";
      try {
        for (const std::string& value : values) SetOption(raw, name, is_template ? only : value);
        if (given != nullptr) given->insert(name);
      } catch (const Failure& failure) {
        throw CLI::ValidationError(failure.what());
      }
      return true;
    };
    CLI::Option* option = app_.add_option(flag, set, erato_option_help(key));
    if (is_template) option->description("chat template: a file, or the name of a built-in one");
    const char* choices = erato_option_choices(key);
    option->type_name(choices != nullptr ? choices : "VALUE")->group("Options of the library");
    const bool list = erato_option_type_of(key) == ERATO_OPTION_LIST;
    option->expected(1, list ? CLI::detail::expected_max_vector_size : 1)->allow_extra_args(false);
    if (!list) option->take_last();
  }
  return options;
}

void Arguments::Run(std::function<int()> body) {
  app_.callback([body = std::move(body)] {
    if (const int status = body(); status != 0) throw CLI::RuntimeError(status);
  });
}

ModelArgument::ModelArgument(Arguments& arguments) {
  arguments.Operand("MODEL", "a .gguf file, or a folder in the layout of Hugging Face", &path_);
  options_ = arguments.LibraryOptions(ERATO_OPTIONS_LOAD);
}

Handle<erato_model> ModelArgument::Load() const {
  return Make<erato_model>(erato_model_load, path_.c_str(), options_.get());
}

Handle<erato_model> ModelArgument::LoadForText() const {
  SetOption(options(), "task", "text");
  return Load();
}

void SetOption(erato_options* options, const std::string& name, const std::string& value) {
  Call(erato_options_set_by_name, options, name.data(), name.size(), value.data(), value.size());
}

std::string TextOption(const erato_options* options, erato_option key) {
  const char* value = nullptr;
  size_t bytes = 0;
  Call(erato_options_get_text, options, key, size_t{0}, &value, &bytes);
  return {value, bytes};
}

int RunCommandLine(int argc, char** argv, const std::vector<Subcommand>& subcommands) {
  CLI::App app("Erato: AI inference at the shell", "erato");
  app.set_version_flag("--version", erato_version());
  app.require_subcommand(1);
  for (const Subcommand& subcommand : subcommands) {
    Arguments arguments(*app.add_subcommand(subcommand.name, subcommand.help));
    subcommand.add(arguments);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& status) {
    return status.get_exit_code();
  } catch (const CLI::ParseError& wrong) {
    if (wrong.get_exit_code() == 0) return app.exit(wrong);  // --help, --version
    std::fprintf(stderr, "erato: %s\n", wrong.what());
    if (app.get_subcommands().empty()) {
      std::fputs(app.help().c_str(), stderr);
    } else {
      const std::string name = app.get_subcommands().front()->get_name();
      std::fprintf(stderr, "See erato %s --help\n", name.c_str());
    }
    return kUsage;
  }
  return 0;
}

}  // namespace erato::command
