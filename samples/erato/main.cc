// erato: the library at the shell, one subcommand a question. Results go to stdout, everything else
// to stderr. Ends with 0, 1 (it could not be done: one line says why) or 2 (a command line that
// makes no sense).
#include <cstdio>
#include <exception>

#include "samples/erato/command.h"
#include "samples/erato/handles.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int Run(int argc, char** argv) {
  using namespace erato::command;  // NOLINT(google-build-using-namespace): the table below
  CLI::App app("Erato: AI inference at the shell", "erato");
  app.set_version_flag("--version", erato_version());
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  for (auto* add : {AddChat, AddGenerate, AddInfo, AddCheck, AddTokenize, AddDetokenize, AddRender,
                    AddLogits, AddBench, AddDoctor}) {
    add(app);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::RuntimeError& verdict) {
    return verdict.get_exit_code();
  } catch (const CLI::ParseError& wrong) {
    const bool named = !app.get_subcommands().empty();
    std::fprintf(stderr, "erato: %s\n", wrong.what());
    if (named) {
      std::fprintf(stderr, "See erato %s --help\n",
                   app.get_subcommands().front()->get_name().c_str());
    } else {
      std::fputs(app.help().c_str(), stderr);
    }
    return kUsage;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "erato: %s\n", failure.what());
    return kFailed;
  }
}
