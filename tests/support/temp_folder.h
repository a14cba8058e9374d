// A folder of its own for a test, removed with all that is in it.
#ifndef ERATO_TESTS_SUPPORT_TEMP_FOLDER_H_
#define ERATO_TESTS_SUPPORT_TEMP_FOLDER_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "gtest/gtest.h"

namespace erato::test {

class TempFolder {
 public:
  TempFolder() : path_(Root() + "erato-XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr) << path_;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  /// The path of `name` in the folder.
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  // In memory where that is possible: tests of bad input write files by the ten thousand.
  static std::string Root() {
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm/" : testing::TempDir();
  }

  std::string path_;
};

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_TEMP_FOLDER_H_
