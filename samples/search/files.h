// The files of a folder, and which of them are text.
#ifndef ERATO_SAMPLES_SEARCH_FILES_H_
#define ERATO_SAMPLES_SEARCH_FILES_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace search {

struct FoundFile {
  std::string path;  // from the folder, with slashes
  uintmax_t bytes;
};

/// What a walk through a folder and its folders gives. Names that begin with a dot, links, and what
/// is neither file nor folder are passed over.
struct FoundFiles {
  std::vector<FoundFile> files;         // sorted by path
  std::vector<std::string> unreadable;  // folders, sorted: "path: why"
};

/// `excluded`: patterns of the shell ("*.log", "build*", "third_party/*") for a name or for a path
/// from the folder. Throws Failure where `folder` itself cannot be read.
FoundFiles FindFiles(const std::filesystem::path& folder, const std::vector<std::string>& excluded);

enum class Content {
  kText,
  kBinary,     // a zero byte in it
  kTooLarge,   // more than `most_bytes`
  kUnreadable  // gone, or not ours to read
};
/// Reads the whole file into `text`. That it is UTF-8 is seen later, by the tokenizer.
Content ReadText(const std::filesystem::path& path, uintmax_t most_bytes, std::string& text);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_FILES_H_
