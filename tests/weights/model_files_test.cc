// Models on disk: both containers, both ways of reading, files that change meanwhile, folders that
// lie.
#include "core/weights/model_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/concat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/temp_folder.h"

namespace erato {
namespace {

using test::GgufWriter;
using test::SafetensorsWriter;
using test::WriteFile;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<float> Counting(size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 0.0f);
  return values;
}

std::vector<float> ReadFloats(const ModelFiles& files, std::string_view name) {
  const TensorEntry* tensor = files.Find(name);
  EXPECT_NE(tensor, nullptr) << name;
  std::vector<uint8_t> room(tensor->bytes);
  const auto bytes = files.Read(*tensor, 0, room.size(), room.data());
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  std::vector<float> values(tensor->bytes / sizeof(float));
  std::memcpy(values.data(), *bytes, tensor->bytes);
  return values;
}

class ModelFilesTest : public testing::TestWithParam<FileAccess> {
 protected:
  absl::StatusOr<std::unique_ptr<ModelFiles>> Open(std::string_view name) {
    return ModelFiles::Open(folder_ / name, GetParam());
  }
  std::unique_ptr<ModelFiles> OpenGood(std::string_view name) {
    auto files = Open(name);
    EXPECT_TRUE(files.ok()) << files.status();
    return *std::move(files);
  }
  std::string Error(std::string_view name) {
    const auto files = Open(name);
    EXPECT_FALSE(files.ok()) << name;
    return std::string(files.status().message());
  }
  /// A new folder with config.json; the path of it.
  std::string MakeFolder(const std::string& name,
                         std::string_view config = "{\"model_type\":\"x\"}") {
    std::filesystem::create_directory(folder_ / name);
    WriteFile(folder_ / (name + "/config.json"), config);
    return folder_ / name + "/";
  }
  void WriteGguf(const std::string& name) {
    GgufWriter()
        .AddString("general.architecture", "x")
        .AddTensor("a", Format::kF32, {2, 3}, Counting(6))
        .AddTensor("b", Format::kF32, {4}, Counting(4))
        .WriteTo(folder_ / name);
  }
  test::TempFolder folder_;
};

TEST_P(ModelFilesTest, Gguf) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  ASSERT_NE(files->gguf(), nullptr);
  EXPECT_EQ(files->gguf()->GetString("general.architecture").value(), "x");
  EXPECT_EQ(files->config(), nullptr);
  EXPECT_EQ(files->generation_config(), nullptr);
  EXPECT_EQ(files->total_bytes(), std::filesystem::file_size(folder_ / "m.gguf"));
  ASSERT_EQ(files->tensors().size(), 2u);
  EXPECT_THAT(files->Find("a")->shape, ElementsAre(2, 3)) << "row-major";
  EXPECT_EQ(files->Find("a")->rows(), 2);
  EXPECT_EQ(files->Find("a")->cols(), 3);
  EXPECT_EQ(files->Find("b")->rows(), 1);
  EXPECT_EQ(files->Find("c"), nullptr);
  EXPECT_EQ(ReadFloats(*files, "a"), Counting(6));
  EXPECT_EQ(ReadFloats(*files, "b"), Counting(4));
  EXPECT_TRUE(files->CheckUnchanged().ok());
}

TEST_P(ModelFilesTest, Folder) {
  const std::string folder = MakeFolder("hf", R"({"model_type":"llama","hidden_size":8})");
  SafetensorsWriter()
      .AddF32("a", {2, 3}, Counting(6))
      .AddBytes("position_ids", "I64", {1}, std::string(8, '\0'))
      .AddF32("one", {}, {5})
      .WriteTo(folder + "model.safetensors");
  const auto files = OpenGood("hf");
  EXPECT_EQ(files->gguf(), nullptr);
  EXPECT_EQ(*files->config()->Find("hidden_size"), Json(8));
  EXPECT_TRUE(files->generation_config()->is_null());
  EXPECT_EQ(ReadFloats(*files, "a"), Counting(6));
  EXPECT_EQ(files->Find("one")->rows(), 1);
  EXPECT_EQ(files->Find("one")->cols(), 1);
  EXPECT_EQ(files->Find("position_ids"), nullptr) << "integers are no weights";
  EXPECT_EQ(files->tensors().size(), 2u);
  WriteFile(folder + "generation_config.json", R"({"eos_token_id":[1,2]})");
  const auto again = OpenGood("hf");
  EXPECT_EQ((*again->generation_config()->Find("eos_token_id"))[1], Json(2));
}

TEST_P(ModelFilesTest, ShardedFolder) {
  const std::string folder = MakeFolder("hf");
  SafetensorsWriter().AddF32("a", {3}, Counting(3)).WriteTo(folder + "s-1.safetensors");
  SafetensorsWriter()
      .AddF32("b", {5}, Counting(5))
      .AddF32("c", {2}, Counting(2))
      .WriteTo(folder + "s-2.safetensors");
  WriteFile(
      folder + "model.safetensors.index.json",
      R"({"metadata":{"total_size":40},"weight_map":{"c":"s-2.safetensors","a":"s-1.safetensors","b":"s-2.safetensors"}})");
  const auto files = OpenGood("hf/");
  EXPECT_EQ(files->tensors().size(), 3u);
  EXPECT_EQ(ReadFloats(*files, "a"), Counting(3));
  EXPECT_EQ(ReadFloats(*files, "b"), Counting(5));
  EXPECT_EQ(ReadFloats(*files, "c"), Counting(2));
  EXPECT_EQ(files->total_bytes(), std::filesystem::file_size(folder + "s-1.safetensors") +
                                      std::filesystem::file_size(folder + "s-2.safetensors"));
}

TEST_P(ModelFilesTest, AnIndexNamesFilesOfItsFolderOnly) {
  const std::string folder = MakeFolder("hf"), index = folder + "model.safetensors.index.json";
  SafetensorsWriter().AddF32("a", {1}, {1}).WriteTo(folder_ / "outside.safetensors");
  for (const char* name :
       {"../outside.safetensors", "x/../../outside.safetensors", "/etc/passwd", "", ".", "..",
        ".outside", "sub/outside.safetensors", "..\\\\outside.safetensors", "a\\u0000b"}) {
    WriteFile(index, Concat(R"({"weight_map":{"a":")", name, "\"}}"));
    EXPECT_THAT(Error("hf"), HasSubstr("[model.safetensors.index.json] file of a, got ")) << name;
  }
  WriteFile(index, R"({"weight_map":{"a":"missing.safetensors"}})");
  EXPECT_EQ(Error("hf"), "[file missing.safetensors] file, got none, expected a regular file");
  for (const char* bad : {"{}", "[]", R"({"weight_map":[]})", R"({"weight_map":{}})",
                          R"({"weight_map":{"a":1}})", "{"}) {
    WriteFile(index, bad);
    EXPECT_THAT(Error("hf"), HasSubstr("[model.safetensors.index.json] ")) << bad;
  }
}

TEST_P(ModelFilesTest, ATensorInTwoShards) {
  const std::string folder = MakeFolder("hf");
  SafetensorsWriter().AddF32("a", {1}, {1}).WriteTo(folder + "s1");
  SafetensorsWriter().AddF32("a", {1}, {2}).WriteTo(folder + "s2");
  WriteFile(folder + "model.safetensors.index.json", R"({"weight_map":{"a":"s1","b":"s2"}})");
  EXPECT_THAT(Error("hf"), HasSubstr("tensor a, got it in two files"));
}

TEST_P(ModelFilesTest, FoldersThatLackSomething) {
  EXPECT_EQ(Error("nothing"), "[file nothing] file, got none, expected a regular file");
  std::filesystem::create_directory(folder_ / "bare");
  EXPECT_EQ(Error("bare"), "[file config.json] file, got none, expected a regular file");
  const std::string folder = MakeFolder("hf");
  EXPECT_EQ(Error("hf"), "[file model.safetensors] file, got none, expected a regular file");
  std::filesystem::create_directory(folder + "model.safetensors");
  EXPECT_EQ(Error("hf"), "[file model.safetensors] kind, got a directory, expected a regular file");
  WriteFile(folder_ / "empty.gguf", "");
  EXPECT_EQ(Error("empty.gguf"), "[file empty.gguf] size, got 0 bytes, expected at least 1");
}

TEST_P(ModelFilesTest, ConfigsThatAreNone) {
  for (const char* bad : {"[]", "7", "{", "{\"a\":1,\"a\":2}", "\"text\"", "{\"a\":NaN}", "\xff"}) {
    SafetensorsWriter().AddF32("a", {1}, {1}).WriteTo(MakeFolder("hf", bad) + "model.safetensors");
    EXPECT_THAT(Error("hf"), HasSubstr("[config.json] ")) << bad;
  }
  const std::string folder = MakeFolder("hf");
  for (const char* bad : {"[]", "{"}) {  // optional, but not to be anything
    WriteFile(folder + "generation_config.json", bad);
    EXPECT_THAT(Error("hf"), HasSubstr("[generation_config.json] ")) << bad;
  }
}

TEST_P(ModelFilesTest, WeightsOfAnotherFloatType) {
  const std::string folder = MakeFolder("hf");
  SafetensorsWriter().AddBytes("w", "F8_E4M3", {4}, "abcd").WriteTo(folder + "model.safetensors");
  EXPECT_EQ(Error("hf"),
            "[safetensors model.safetensors] tensor w, got F8_E4M3, expected F32, F16 or BF16");
}

TEST_P(ModelFilesTest, PartsOfASplitModel) {
  GgufWriter().AddU16("split.count", 3).WriteTo(folder_ / "part.gguf");
  EXPECT_EQ(Error("part.gguf"),
            "[gguf part.gguf] parts of the model, got 3, expected one joined file");
  GgufWriter().AddU16("split.count", 1).WriteTo(folder_ / "part.gguf");
  OpenGood("part.gguf");
  GgufWriter().AddString("split.count", "3").WriteTo(folder_ / "part.gguf");
  EXPECT_THAT(Error("part.gguf"), HasSubstr("got a string, expected an integer"));
}

TEST_P(ModelFilesTest, AFileCutMeanwhileIsNoticed) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  ASSERT_EQ(truncate((folder_ / "m.gguf").c_str(), 64), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(files->CheckUnchanged()));
  if (GetParam() == FileAccess::kCopy) {
    const TensorEntry& a = *files->Find("a");
    std::vector<uint8_t> room(a.bytes);
    EXPECT_TRUE(absl::IsDataLoss(files->Read(a, 0, room.size(), room.data()).status()));
  }
}

TEST_P(ModelFilesTest, AFileWrittenMeanwhileIsNoticed) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  const struct timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, (folder_ / "m.gguf").c_str(), times, 0), 0);
  EXPECT_TRUE(absl::IsFailedPrecondition(files->CheckUnchanged()));
}

TEST_P(ModelFilesTest, AFileReplacedMeanwhileGoesOnServing) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  WriteFile(folder_ / "other", "something else");
  std::filesystem::rename(folder_ / "other", folder_ / "m.gguf");
  EXPECT_TRUE(files->CheckUnchanged().ok());
  EXPECT_EQ(ReadFloats(*files, "a"), Counting(6));
}

TEST_P(ModelFilesTest, CopiedBytesAreOurs) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  const TensorEntry& a = *files->Find("a");
  std::vector<uint8_t> room(a.bytes);
  const auto bytes = files->Read(a, 0, room.size(), room.data());
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes == room.data(), GetParam() == FileAccess::kCopy);
}

TEST_P(ModelFilesTest, ReadsPartsOfATensorAndNothingOutsideIt) {
  WriteGguf("m.gguf");
  const auto files = OpenGood("m.gguf");
  const TensorEntry& a = *files->Find("a");
  std::vector<uint8_t> whole(a.bytes), part(a.bytes + 1);
  const auto all = files->Read(a, 0, whole.size(), whole.data());
  ASSERT_TRUE(all.ok());
  const std::vector<uint8_t> want(*all, *all + a.bytes);
  for (size_t begin = 0; begin <= want.size(); ++begin) {
    for (size_t count = 0; begin + count <= want.size(); ++count) {
      const auto bytes = files->Read(a, begin, count, part.data());
      ASSERT_TRUE(bytes.ok()) << bytes.status();
      ASSERT_TRUE(std::equal(*bytes, *bytes + count, want.begin() + begin)) << begin;
    }
    EXPECT_TRUE(
        absl::IsOutOfRange(files->Read(a, begin, want.size() - begin + 1, part.data()).status()));
  }
  EXPECT_FALSE(files->Read(a, UINT64_MAX, 2, part.data()).ok());
}

INSTANTIATE_TEST_SUITE_P(Access, ModelFilesTest,
                         testing::Values(FileAccess::kCopy, FileAccess::kMap),
                         [](const auto& param) {
                           return param.param == FileAccess::kCopy ? "copy" : "map";
                         });

TEST(TinyModels, OpenFromTheirFolders) {
  for (const char* name : {"llama", "gpt2", "gemma3", "qwen3"}) {
    const auto files = ModelFiles::Open(Concat(ERATO_TEST_DATA "/tiny/", name), FileAccess::kMap);
    ASSERT_TRUE(files.ok()) << files.status();
    EXPECT_GT((*files)->tensors().size(), 30u);
  }
}

}  // namespace
}  // namespace erato
