#include "samples/erato/files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "samples/erato/handles.h"

namespace erato::command {

std::string PathOf(const std::string& written) {
  const char* home = std::getenv("HOME");
  return written.starts_with("~/") && home != nullptr ? home + written.substr(1) : written;
}

bool IsFile(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored);
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || !IsFile(path)) throw Failure("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace erato::command
