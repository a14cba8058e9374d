// The command line: what a subcommand takes, and what it then does. CLI11 reads it; it is heavy to
// compile and seen by arguments.cc alone.
#ifndef ERATO_SAMPLES_ERATO_ARGUMENTS_H_
#define ERATO_SAMPLES_ERATO_ARGUMENTS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "samples/erato/handles.h"

namespace CLI {
class App;
}

namespace erato::command {

/// One subcommand's. Values are written while the line is read, so they live as long as what Run
/// was given.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(app) {}

  /// Stands below --help.
  void Footer(const char* text);
  void Flag(const char* name, const char* help, bool* value);
  void Text(const char* name, const char* help, std::optional<std::string>* value);
  void RequiredText(const char* name, const char* help, std::string* value);
  void Number(const char* name, const char* help, int32_t least, int32_t greatest, int32_t* value);
  void Operand(const char* name, const char* help, std::string* value);
  void OptionalOperand(const char* name, const char* help, std::optional<std::string>* value);
  void Operands(const char* name, const char* help, std::vector<std::string>* values);
  void OptionalOperands(const char* name, const char* help, std::vector<std::string>* values);
  /// At most one of two; exactly one of two.
  void AtMostOne(const char* one, const char* other);
  void ExactlyOne(const char* one, const char* other);
  /// Every option that the library has of `kind` becomes --its-name, with the library's help,
  /// choices and bounds.
  /// `given`, where not null, takes the names of those that the line sets.
  Handle<erato_options> LibraryOptions(erato_options_kind kind,
                                       std::set<std::string>* given = nullptr);

  /// What the subcommand does: gives the exit status, or throws.
  void Run(std::function<int()> body);

 private:
  CLI::App& app_;
};

/// MODEL and the options of loading.
class ModelArgument {
 public:
  explicit ModelArgument(Arguments& arguments);
  Handle<erato_model> Load() const;
  /// For its tokenizer and chat template: no weights are read.
  Handle<erato_model> LoadForText() const;
  const std::string& path() const { return path_; }
  erato_options* options() const { return options_.get(); }

 private:
  std::string path_;
  Handle<erato_options> options_;
};

void SetOption(erato_options* options, const std::string& name, const std::string& value);
/// The value of a text option.
std::string TextOption(const erato_options* options, erato_option key);

struct Subcommand {
  const char *name, *help;
  void (*add)(Arguments&);
};

/// Reads the line and runs its subcommand: the exit status. Failures of the subcommand pass
/// through.
int RunCommandLine(int argc, char** argv, const std::vector<Subcommand>& subcommands);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_ARGUMENTS_H_
