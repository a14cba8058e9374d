// Options of the library as options of the command line: names, help and bounds come from the
// library itself.
#ifndef ERATO_SAMPLES_ERATO_OPTIONS_H_
#define ERATO_SAMPLES_ERATO_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "samples/erato/handles.h"

namespace erato::command {

/// Every option of `kind` becomes --its-name; values are checked by the library while the command
/// line is read.
Handle<erato_options> AddOptions(CLI::App& command, erato_options_kind kind);

void Set(erato_options* options, const std::string& name, const std::string& value);

/// MODEL and the options of loading.
class ModelArgument {
 public:
  explicit ModelArgument(CLI::App& command);
  Handle<erato_model> Load() const;
  const std::string& path() const { return path_; }
  erato_options* options() const { return options_.get(); }

 private:
  std::string path_;
  Handle<erato_options> options_;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_OPTIONS_H_
