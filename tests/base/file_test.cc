#include "core/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/temp_folder.h"

namespace erato {
namespace {

using testing::HasSubstr;
using testing::Not;

class FileTest : public testing::Test {
 protected:
  std::unique_ptr<File> Open(const std::string& name, std::string_view contents) {
    test::WriteFile(folder_ / name, contents);
    auto file = File::Open(folder_ / name);
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }
  test::TempFolder folder_;
};

TEST_F(FileTest, ReadsAtOffsets) {
  const auto file = Open("ten", "0123456789");
  EXPECT_EQ(file->name(), "ten");
  EXPECT_EQ(file->size(), 10u);
  char out[4] = {};
  EXPECT_TRUE(file->ReadAt(3, 4, out).ok());
  EXPECT_EQ(std::string(out, 4), "3456");
  EXPECT_TRUE(file->ReadAt(10, 0, out).ok());
  EXPECT_EQ(file->ReadAll(10).value(), "0123456789");
}

TEST_F(FileTest, ReadingPastTheEndIsAnError) {
  const auto file = Open("ten", "0123456789");
  char out[16];
  EXPECT_TRUE(absl::IsOutOfRange(file->ReadAt(7, 4, out)));
  EXPECT_TRUE(absl::IsOutOfRange(file->ReadAt(11, 0, out)));
  EXPECT_TRUE(absl::IsOutOfRange(file->ReadAt(UINT64_MAX, 2, out))) << "must not wrap";
  EXPECT_TRUE(absl::IsOutOfRange(file->ReadAt(1, SIZE_MAX, out)));
  EXPECT_TRUE(absl::IsResourceExhausted(file->ReadAll(9).status()));
}

TEST_F(FileTest, MapsOnceForAllThreads) {
  const auto file = Open("ten", "0123456789");
  std::vector<const uint8_t*> addresses(4);
  std::vector<std::thread> threads;
  for (auto& address : addresses) threads.emplace_back([&] { address = file->Map().value(); });
  for (auto& thread : threads) thread.join();
  for (const auto* address : addresses) EXPECT_EQ(address, addresses[0]);
  EXPECT_EQ(std::memcmp(addresses[0], "0123456789", 10), 0);
}

TEST_F(FileTest, RefusesWhatIsNoRegularFile) {
  EXPECT_TRUE(absl::IsNotFound(File::Open(folder_ / "missing").status()));
  EXPECT_TRUE(absl::IsNotFound(File::Open("").status()));
  EXPECT_TRUE(absl::IsNotFound(File::Open(std::string("a\0b", 3)).status()));
  EXPECT_EQ(File::Open(folder_.path()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(File::Open(folder_.path()).status().message()),
              HasSubstr("got a directory"));
  EXPECT_THAT(std::string(File::Open("/dev/null").status().message()), HasSubstr("got a device"));
  test::WriteFile(folder_ / "empty", "");
  EXPECT_THAT(std::string(File::Open(folder_ / "empty").status().message()),
              HasSubstr("got 0 bytes"));
  EXPECT_TRUE(absl::IsNotFound(File::Open(folder_ / "empty/file").status()))
      << "a file where a folder should be";
  EXPECT_FALSE(File::Open(std::string(100'000, 'x')).ok());
}

TEST_F(FileTest, APipeDoesNotHang) {
  const std::string path = folder_ / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(std::string(File::Open(path).status().message()), HasSubstr("got a pipe"));
}

TEST_F(FileTest, NoPermission) {
  const std::string path = folder_ / "secret";
  test::WriteFile(path, "x");
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0711), 0);
  const bool root = geteuid() == 0;  // may read every file: become nobody for a moment
  if (root && seteuid(65534) != 0)
    GTEST_SKIP() << "root that cannot become another user may read every file";
  const absl::Status status = File::Open(path).status();
  ASSERT_TRUE(!root || seteuid(0) == 0);
  EXPECT_EQ(status, absl::PermissionDeniedError(
                        "[file secret] permission, got none to read, expected a readable file"));
}

TEST_F(FileTest, MessagesNameTheFileAndNoFolder) {
  const std::string message(File::Open(folder_ / "missing.gguf").status().message());
  EXPECT_EQ(message, "[file missing.gguf] file, got none, expected a regular file");
  EXPECT_THAT(message, Not(HasSubstr(folder_.path())));
}

TEST_F(FileTest, ACutFileIsNoticed) {
  const auto file = Open("cut", std::string(100, 'x'));
  EXPECT_TRUE(file->CheckUnchanged().ok());
  ASSERT_EQ(truncate((folder_ / "cut").c_str(), 50), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(file->CheckUnchanged()));
  std::vector<char> out(100);
  EXPECT_TRUE(absl::IsDataLoss(file->ReadAt(0, 100, out.data())));
  EXPECT_TRUE(file->ReadAt(0, 50, out.data()).ok());
}

TEST_F(FileTest, AWrittenFileIsNoticed) {
  const auto file = Open("written", "aaaa");
  const struct timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, (folder_ / "written").c_str(), times, 0), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(file->CheckUnchanged()));
}

TEST_F(FileTest, AReplacedFileGoesOnServing) {
  const auto file = Open("model", "old contents");
  test::WriteFile(folder_ / "new", "new contents");
  std::filesystem::rename(folder_ / "new", folder_ / "model");
  EXPECT_TRUE(file->CheckUnchanged().ok());
  EXPECT_EQ(file->ReadAll(100).value(), "old contents");
  std::filesystem::remove(folder_ / "model");
  EXPECT_TRUE(file->CheckUnchanged().ok());
}

TEST(PathTest, LastPart) {
  EXPECT_EQ(LastPathPart("/a/b.gguf"), "b.gguf");
  EXPECT_EQ(LastPathPart("b.gguf"), "b.gguf");
  EXPECT_EQ(LastPathPart("/a/b//"), "b");
  EXPECT_EQ(LastPathPart("/"), "/");
  EXPECT_EQ(LastPathPart(""), "");
}

TEST(PathTest, BareFileNames) {
  EXPECT_TRUE(IsBareFileName("model-00001-of-00002.safetensors"));
  EXPECT_TRUE(IsBareFileName("a..b"));
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string(".hidden"),
        std::string("../x"), std::string("a/../../b"), std::string("/etc/passwd"),
        std::string("a\\b"), std::string("a\0b", 3), std::string(256, 'a')}) {
    EXPECT_FALSE(IsBareFileName(name)) << name;
  }
}

}  // namespace
}  // namespace erato
