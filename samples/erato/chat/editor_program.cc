#include "samples/erato/chat/editor_program.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "samples/erato/handles.h"

namespace erato::command {
namespace {

std::string EditorName() {
  for (const char* variable : {"VISUAL", "EDITOR"}) {
    const char* name = std::getenv(variable);
    if (name != nullptr && *name != 0) return name;
  }
  return "vi";
}

/// Runs a shell command with no signal blocked, as this program's threads have them: its exit
/// status, or -1.
int RunShell(const std::string& command) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const std::string shell = "sh", option = "-c";
  char* const arguments[] = {const_cast<char*>(shell.c_str()), const_cast<char*>(option.c_str()),
                             const_cast<char*>(command.c_str()), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, "/bin/sh", nullptr, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  int status = 0;
  if (failed != 0) return -1;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

std::string Edited(const std::string& text) {
  const std::string editor = EditorName();
  std::string path = (std::filesystem::temp_directory_path() / "erato-XXXXXX").string();
  const int file = mkstemp(path.data());
  if (file < 0) throw Failure("cannot write a file to edit");
  close(file);
  std::ofstream(path, std::ios::binary) << text << '\n';
  // The editor may have arguments, so it is the shell's to read.
  const int status = RunShell(editor + " '" + path + "'");
  std::ifstream in(path, std::ios::binary);
  std::string edited{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::remove(path.c_str());
  if (status != 0) throw Failure(editor + " failed; nothing is asked");
  while (!edited.empty() && edited.back() == '\n') edited.pop_back();
  return edited;
}

}  // namespace erato::command
