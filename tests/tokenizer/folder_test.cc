// The text side of Hugging Face folders: which files make the tokenizer, and what the small ones
// say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "capi/src/tokenizer_folder.h"
#include "tests/tokenizer/cases.h"

namespace erato {
namespace {

using capi::FolderText;
using capi::ReadFolderText;
using test::Json;
using testing::ElementsAre;
using testing::HasSubstr;

/// A folder that is there as long as this object.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "/erato_folder_test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder& Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return *this;
  }
  absl::StatusOr<FolderText> Read(const std::vector<int32_t>& end_ids = {}) const {
    return ReadFolderText(path_, end_ids);
  }

 private:
  const std::string path_;
};

std::string TokenizerJson(std::string_view name) {
  const Json cases = test::ReadCases("tokenizer/pipelines.json");
  for (const Json& entry : cases["pipelines"]) {
    if (entry["name"] == name) return entry["tokenizer"].dump();
  }
  return "";
}

std::string SentencePieceBytes() {
  const Json cases = test::ReadCases("tokenizer/pipelines.json");
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape(cases["models"][0]["model"].get<std::string>(), &bytes));
  return bytes;
}

TEST(FolderText, TokenizerJsonWithNamesAndTemplate) {
  Folder folder;
  folder.Write("tokenizer.json", TokenizerJson("wordpiece-uncased"))
      .Write("tokenizer_config.json",
             R"({"bos_token": {"content": "<s>"}, "eos_token": "</s>",
                 "chat_template": [{"name": "rag", "template": "r"},
                                   {"name": "default", "template": "d"}]})")
      .Write("special_tokens_map.json", R"({"pad_token": "[UNK]", "eos_token": "[SEP]"})");
  const auto text = folder.Read({7, 100000});
  ASSERT_TRUE(text.ok()) << text.status();
  ASSERT_NE(text->tokenizer, nullptr) << text->why;
  const Vocabulary& v = text->tokenizer->vocabulary();
  EXPECT_EQ(v.pieces[v.bos], "<s>");
  EXPECT_EQ(v.pieces[v.eos], "</s>");
  EXPECT_EQ(v.pieces[v.padding], "[UNK]");
  EXPECT_TRUE(text->tokenizer->IsEndOfGeneration(7));
  EXPECT_EQ(text->chat_template, "d");
  folder.Write("chat_template.jinja", "j");
  EXPECT_EQ(folder.Read()->chat_template, "j");
}

TEST(FolderText, VocabTxt) {
  Folder folder;
  folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncaf\n##e\n");
  const auto text = folder.Read();
  ASSERT_TRUE(text.ok()) << text.status();
  ASSERT_NE(text->tokenizer, nullptr) << text->why;
  EXPECT_THAT(*text->tokenizer->Encode("The caf\u00e9 [MASK]", true, {.add_special = true}),
              ElementsAre(2, 5, 6, 7, 4, 3));
  EXPECT_THAT(*text->tokenizer->Encode("The [MASK]", false), ElementsAre(5, 1, 1, 1));
  folder.Write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_THAT(*folder.Read()->tokenizer->Encode("The the", true), ElementsAre(1, 5));
}

TEST(FolderText, VocabJsonWithMerges) {
  Folder folder;
  folder
      .Write("vocab.json",
             R"({"a": 0, "b": 1, "\u0120": 2, "ab": 3, "\u0120ab": 4, "<|endoftext|>": 5})")
      .Write("merges.txt", "#version: 0.2\na b\n\u0120 ab\n")
      .Write("tokenizer_config.json",
             R"({"tokenizer_class": "GPT2TokenizerFast", "eos_token": "<|endoftext|>"})");
  const auto text = folder.Read();
  ASSERT_TRUE(text.ok()) << text.status();
  ASSERT_NE(text->tokenizer, nullptr) << text->why;
  EXPECT_THAT(*text->tokenizer->Encode("ab ab<|endoftext|>", true), ElementsAre(3, 4, 5));
  EXPECT_EQ(text->tokenizer->Decode({3, 4}, false).value(), "ab ab");
  EXPECT_TRUE(text->tokenizer->IsEndOfGeneration(5));
  folder.Write("tokenizer_config.json", R"({"tokenizer_class": "CTRLTokenizer"})");
  EXPECT_EQ(folder.Read()->tokenizer, nullptr);
  EXPECT_THAT(folder.Read()->why, HasSubstr("CTRLTokenizer"));
}

TEST(FolderText, SentencePieceModel) {
  Folder folder;
  folder.Write("tokenizer.model", SentencePieceBytes())
      .Write("tokenizer_config.json", R"({"tokenizer_class": "LlamaTokenizer"})");
  const auto text = folder.Read();
  ASSERT_TRUE(text.ok()) << text.status();
  ASSERT_NE(text->tokenizer, nullptr) << text->why;
  const auto ids = text->tokenizer->Encode("the", false, {.add_special = true});
  EXPECT_EQ(ids->front(), text->tokenizer->vocabulary().bos);
  EXPECT_EQ(text->tokenizer->Decode(*ids, false).value(), "the");
  folder.Write("tokenizer_config.json", R"({"tokenizer_class": "XLMRobertaTokenizer"})");
  EXPECT_EQ(folder.Read()->tokenizer, nullptr);  // its ids are not SentencePiece's
}

TEST(FolderText, WhatIsMissingIsSaidAndWhatIsBrokenIsAnError) {
  Folder folder;
  EXPECT_EQ(folder.Read()->tokenizer, nullptr);
  EXPECT_THAT(folder.Read()->why, HasSubstr("missing tokenizer"));
  folder.Write("tokenizer_config.json", "[1]");
  EXPECT_THAT(std::string(folder.Read().status().message()), HasSubstr("[tokenizer_config.json]"));
  folder.Write("tokenizer_config.json", R"({"bos_token": 1})");
  EXPECT_THAT(std::string(folder.Read().status().message()), HasSubstr("bos_token"));
  folder.Write("tokenizer_config.json", "{}").Write("tokenizer.json", "{");
  EXPECT_THAT(std::string(folder.Read().status().message()), HasSubstr("[tokenizer.json]"));
  folder.Write("tokenizer.json",
               R"({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}})");
  EXPECT_THAT(std::string(folder.Read().status().message()), HasSubstr("merge 0"));
  folder.Write("tokenizer.json",
               R"({"model": {"type": "BPE", "vocab": {"a": 4000000000}, "merges": []}})");
  EXPECT_THAT(std::string(folder.Read().status().message()), HasSubstr("vocab id"));
}

}  // namespace
}  // namespace erato
