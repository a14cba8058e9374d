// The files of a folder, their text, and whether they are still the same.
#ifndef ERATO_SAMPLES_SEARCH_FILES_H_
#define ERATO_SAMPLES_SEARCH_FILES_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct FoundFile {
  std::string path;  // from the folder
  uintmax_t bytes = 0;
};

/// Files of a folder and of all folders in it, sorted by path. Names that begin with a dot, links,
/// and folders that we may not read are passed over, as are names and paths like one of `excluded`:
/// patterns of the shell ("*.log", "build*"). Throws where `folder` cannot be read.
std::vector<FoundFile> FindFiles(const std::filesystem::path& folder,
                                 const std::vector<std::string>& excluded);

/// The whole file; none where it cannot be read.
std::optional<std::string> ReadFile(const std::filesystem::path& path);

/// FNV-1a, 64 bits: tells whether a content has changed, not meant against somebody who makes two
/// contents alike on purpose.
int64_t HashOf(std::string_view bytes);
/// That of no bytes where it cannot be read.
int64_t HashOfFile(const std::filesystem::path& path);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_FILES_H_
