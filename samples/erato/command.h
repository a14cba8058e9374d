// The subcommands, one file each: Add… declares one with its options; what it does runs after the
// command line is read.
#ifndef ERATO_SAMPLES_ERATO_COMMAND_H_
#define ERATO_SAMPLES_ERATO_COMMAND_H_

#include <CLI/CLI.hpp>

namespace erato::command {

void AddInfo(CLI::App& app);
void AddCheck(CLI::App& app);
void AddTokenize(CLI::App& app);
void AddDetokenize(CLI::App& app);
void AddRender(CLI::App& app);
void AddLogits(CLI::App& app);
void AddGenerate(CLI::App& app);
void AddChat(CLI::App& app);
void AddBench(CLI::App& app);
void AddDoctor(CLI::App& app);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_COMMAND_H_
