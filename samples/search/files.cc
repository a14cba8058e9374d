#include "samples/search/files.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace search {

namespace fs = std::filesystem;

std::vector<FoundFile> FindFiles(const fs::path& folder, const std::vector<std::string>& excluded) {
  if (!fs::is_directory(folder)) {
    throw std::runtime_error("[folder " + folder.string() + "] got " +
                             (fs::exists(folder) ? "a file" : "nothing") + ", expected a folder");
  }
  std::vector<FoundFile> files;
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied);
       at != fs::recursive_directory_iterator(); ++at) {
    const std::string name = at->path().filename().string();
    const std::string path = at->path().lexically_relative(folder).string();
    const bool out = std::any_of(excluded.begin(), excluded.end(), [&](const std::string& pattern) {
      return fnmatch(pattern.c_str(), name.c_str(), 0) == 0 ||
             fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
    });
    if (out || name.starts_with('.')) {
      at.disable_recursion_pending();
    } else if (at->symlink_status().type() == fs::file_type::regular) {
      std::error_code gone;
      files.push_back({path, at->file_size(gone)});
      if (gone) files.pop_back();
    }
  }
  std::sort(files.begin(), files.end(),
            [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
  return files;
}

std::optional<std::string> ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return in.bad() ? std::nullopt : std::optional(std::move(text).str());
}

int64_t HashOf(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<int64_t>(hash);
}

int64_t HashOfFile(const fs::path& path) { return HashOf(ReadFile(path).value_or("")); }

}  // namespace search
