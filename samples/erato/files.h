// Files that the user names.
#ifndef ERATO_SAMPLES_ERATO_FILES_H_
#define ERATO_SAMPLES_ERATO_FILES_H_

#include <string>

namespace erato::command {

/// A path as people write it: ~/ is their home.
std::string PathOf(const std::string& written);
bool IsFile(const std::string& path);
std::string ReadFile(const std::string& path);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_FILES_H_
