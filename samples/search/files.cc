#include "samples/search/files.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>

#include "samples/search/failure.h"

namespace search {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSniffed = 8192;  // binary files nearly always show it in their first bytes

class Walk {
 public:
  Walk(const fs::path& folder, const std::vector<std::string>& excluded)
      : folder_(folder), excluded_(excluded) {}

  FoundFiles Run() {
    std::error_code error;
    const fs::file_status status = fs::status(folder_, error);
    if (!fs::is_directory(status)) {
      const std::string got = fs::exists(status) ? "a file"
                              : error            ? error.message()
                                                 : "nothing of this name";
      throw Failure("[folder " + folder_.string() + "] got " + got + ", expected a folder");
    }
    // Folders still to be read: a stack, as names can be nested deeper than calls should be.
    for (waiting_.emplace_back(); !waiting_.empty();) {
      const std::string path = std::move(waiting_.back());
      waiting_.pop_back();
      ReadFolder(path);
    }
    std::sort(found_.files.begin(), found_.files.end(),
              [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
    std::sort(found_.unreadable.begin(), found_.unreadable.end());
    return std::move(found_);
  }

 private:
  void ReadFolder(const std::string& path) {
    std::error_code error;
    fs::directory_iterator entry(folder_ / path, error);
    if (error && path.empty()) {
      throw Failure("[folder " + folder_.string() + "] " + error.message());
    }
    while (!error && entry != fs::directory_iterator()) {
      Take(*entry, path);
      entry.increment(error);
    }
    if (error) found_.unreadable.push_back(path + ": " + error.message());
  }

  void Take(const fs::directory_entry& entry, const std::string& parent) {
    const std::string name = entry.path().filename().string();
    const std::string path = parent.empty() ? name : parent + "/" + name;
    std::error_code error;
    const fs::file_type type = entry.symlink_status(error).type();
    if (error || name.starts_with('.') || IsExcluded(name, path)) return;
    if (type == fs::file_type::directory) waiting_.push_back(path);
    if (type != fs::file_type::regular) return;
    const uintmax_t bytes = entry.file_size(error);
    found_.files.push_back({path, error ? 0 : bytes});
  }

  bool IsExcluded(const std::string& name, const std::string& path) const {
    return std::any_of(excluded_.begin(), excluded_.end(), [&](const std::string& pattern) {
      return fnmatch(pattern.c_str(), name.c_str(), 0) == 0 ||
             fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
    });
  }

  const fs::path& folder_;
  const std::vector<std::string>& excluded_;
  std::vector<std::string> waiting_;
  FoundFiles found_;
};

bool HasZero(const std::string& text) { return text.find('\0') != std::string::npos; }

}  // namespace

FoundFiles FindFiles(const fs::path& folder, const std::vector<std::string>& excluded) {
  return Walk(folder, excluded).Run();
}

Content ReadText(const fs::path& path, uintmax_t most_bytes, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Content::kUnreadable;
  const auto read = [&](uintmax_t up_to) {
    const size_t had = text.size();
    text.resize(static_cast<size_t>(up_to));
    in.read(text.data() + had, static_cast<std::streamsize>(text.size() - had));
    text.resize(had + static_cast<size_t>(in.gcount()));
  };
  text.clear();
  read(std::min<uintmax_t>(kSniffed, most_bytes + 1));
  if (HasZero(text)) return Content::kBinary;
  if (in) read(most_bytes + 1);
  if (in.bad()) return Content::kUnreadable;
  if (text.size() > most_bytes) return Content::kTooLarge;
  return HasZero(text) ? Content::kBinary : Content::kText;
}

}  // namespace search
