// From metadata to a vocabulary, and real files to the ids of the reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "capi/src/vocabulary.h"
#include "core/base/file.h"
#include "core/formats/gguf/gguf.h"
#include "tests/tokenizer/cases.h"
#include "tokenizer/byte_alphabet.h"

namespace erato {
namespace {

using testing::HasSubstr;
using Strings = std::vector<std::string>;
using Numbers = std::vector<int64_t>;

using Keys = std::vector<std::pair<std::string, gguf::Value>>;

gguf::Metadata Metadata(const Keys& keys) {
  gguf::Metadata metadata;
  for (const auto& [key, value] : keys)
    EXPECT_TRUE(metadata.Add("tokenizer.ggml." + key, value).ok());
  return metadata;
}

Keys SentencePieceKeys() {
  return {{"model", std::string("llama")},
          {"tokens", Strings{"<unk>", "<s>", "</s>", "a", "<end_of_turn>"}},
          {"scores", std::vector<double>{0, 0, 0, -1, 0}},
          {"token_type", Numbers{2, 3, 3, 1, 3}}};
}

Keys ByteBpeKeys() {
  Strings pieces;
  for (int b = 0; b < 256; ++b) pieces.push_back(SpellBytes(std::string(1, static_cast<char>(b))));
  pieces.insert(pieces.end(), {"ab", "<|im_end|>"});
  Numbers types(pieces.size(), 1);
  types.back() = 3;
  return {{"model", std::string("gpt2")},
          {"pre", std::string("llama-bpe")},
          {"tokens", pieces},
          {"token_type", types},
          {"merges", Strings{"a b"}},
          {"bos_token_id", int64_t{257}}};
}

TEST(GgufVocabulary, SentencePieceDefaults) {
  const Vocabulary v = VocabularyFromGguf(Metadata(SentencePieceKeys())).value();
  EXPECT_EQ(v.kind, Vocabulary::Kind::kSentencePieceBpe);
  EXPECT_EQ(v.unknown, 0);
  EXPECT_EQ(v.bos, 1);
  EXPECT_EQ(v.eos, 2);
  EXPECT_TRUE(v.add_bos);
  EXPECT_FALSE(v.add_eos);
  EXPECT_TRUE(v.add_space_prefix);
  EXPECT_EQ(v.end_of_generation, std::vector<int32_t>{4});
}

TEST(GgufVocabulary, ByteBpeAndFlags) {
  Keys keys = ByteBpeKeys();
  Vocabulary v = VocabularyFromGguf(Metadata(keys)).value();
  EXPECT_EQ(v.kind, Vocabulary::Kind::kByteBpe);
  EXPECT_TRUE(v.add_bos);  // Llama 3 means it without saying
  EXPECT_EQ(v.end_of_generation, std::vector<int32_t>{257});
  keys.emplace_back("add_bos_token", false);
  keys.emplace_back("eot_token_id", int64_t{3});
  v = VocabularyFromGguf(Metadata(keys)).value();
  EXPECT_FALSE(v.add_bos);
  EXPECT_EQ(v.end_of_generation, (std::vector<int32_t>{3, 257}));
  EXPECT_TRUE(Tokenizer::Create(v).ok());
}

// Text around it as BERT has it: small letters, no accents, punctuation apart.
TEST(GgufVocabulary, WordPiece) {
  const Keys keys = {{"model", std::string("bert")},
                     {"tokens", Strings{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "\u2581the",
                                        "\u2581cafe", "s", "\u2581,"}},
                     {"token_type", Numbers{3, 2, 3, 3, 1, 1, 1, 1}},
                     {"unknown_token_id", int64_t{1}},
                     {"cls_token_id", int64_t{2}},
                     {"seperator_token_id", int64_t{3}},
                     {"padding_token_id", int64_t{0}}};
  auto v = VocabularyFromGguf(Metadata(keys));
  ASSERT_TRUE(v.ok()) << v.status();
  const auto tokenizer = Tokenizer::Create(*std::move(v));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto ids = (*tokenizer)->Encode("The  Caf\u00e9s, dog [SEP]", false, {.add_special = true});
  EXPECT_THAT(*ids, testing::ElementsAre(2, 4, 5, 6, 7, 1, 1, 1, 1, 3));
  EXPECT_EQ((*tokenizer)->Decode(*ids, false).value(), "the cafes,");
}

Keys LetterBpeKeys() {
  Strings pieces = {"<pad>",  "<bos>",   "<unk>",    "a",  "b",
                    "\u2581", "\u2581a", "b\u2581a", "\n", "\n\n"};
  Numbers types = {3, 3, 2, 1, 1, 1, 1, 1, 4, 4};
  for (int b = 0; b < 256; ++b) {
    pieces.push_back(absl::StrFormat("<0x%02X>", b));
    types.push_back(6);
  }
  return {{"model", std::string("gemma4")},
          {"tokens", pieces},
          {"token_type", types},
          {"merges", Strings{"\u2581 a", "b \u2581a"}},
          {"bos_token_id", int64_t{1}},
          {"unknown_token_id", int64_t{2}}};
}

std::vector<int32_t> LetterBpeIds(const Keys& keys, std::string_view text) {
  auto v = VocabularyFromGguf(Metadata(keys));
  if (!v.ok()) ADD_FAILURE() << v.status();
  EXPECT_EQ(v->kind, Vocabulary::Kind::kLetterBpe);
  const auto tokenizer = Tokenizer::Create(*std::move(v));
  if (!tokenizer.ok()) ADD_FAILURE() << tokenizer.status();
  return (*tokenizer)->Encode(text, false, {.add_special = true}).value();
}

TEST(GgufVocabulary, LetterBpe) {
  constexpr int32_t kBytes = 10;
  Keys keys = LetterBpeKeys();
  // Merges go across words; what has no piece is spelt in bytes; no markers from content.
  EXPECT_THAT(LetterBpeIds(keys, "b aa\n\n\n\u00e9"),
              testing::ElementsAre(1, 7, 3, 9, 8, kBytes + 0xC3, kBytes + 0xA9));
  EXPECT_THAT(LetterBpeIds(keys, "<bos>a"), testing::ElementsAre(1, kBytes + '<', 4, kBytes + 'o',
                                                                 kBytes + 's', kBytes + '>', 3));
  const auto v = VocabularyFromGguf(Metadata(keys)).value();
  const auto tokenizer = Tokenizer::Create(v).value();
  EXPECT_EQ(tokenizer->Decode({7, 3, kBytes + 0xC3, kBytes + 0xA9, 6}, false).value(),
            "b aa\u00e9 a");
  // The other names: as a "gpt2" with another "pre".
  keys.front().second = std::string("gpt2");
  keys.emplace_back("pre", std::string("sarvam-moe"));
  EXPECT_THAT(LetterBpeIds(keys, "b a"), testing::ElementsAre(7));
  keys.back().second = std::string("whitespace");
  keys.emplace_back("normalizer.lowercase", true);
  EXPECT_THAT(LetterBpeIds(keys, "B  ab"), testing::ElementsAre(4, 3, 4));
}

TEST(GgufVocabulary, LetterBpeMergesThatAreNone) {
  for (const char* merge : {"ab", " a", "a ", "a b a", "a b", "zz a"}) {
    Keys keys = LetterBpeKeys();
    keys[3].second = Strings{merge};
    const auto status = Tokenizer::Create(VocabularyFromGguf(Metadata(keys)).value()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("merge 0, got ")) << merge;
  }
}

TEST(GgufVocabulary, WordPieceAsTheFileSaysItIsCased) {
  Keys keys = {{"model", std::string("bert")},
               {"tokens", Strings{"[UNK]", "[CLS]", "[SEP]", "\u2581the", "\u2581The"}},
               {"token_type", Numbers{2, 3, 3, 1, 1}},
               {"unknown_token_id", int64_t{0}},
               {"cls_token_id", int64_t{1}},
               {"seperator_token_id", int64_t{2}},
               {"normalizer.lowercase", true}};
  const auto ids = [&] {
    return Tokenizer::Create(VocabularyFromGguf(Metadata(keys)).value())
        .value()
        ->Encode("The", false)
        .value();
  };
  EXPECT_THAT(ids(), testing::ElementsAre(3));
  keys.back().second = false;
  EXPECT_THAT(ids(), testing::ElementsAre(4));
}

TEST(GgufVocabulary, Unigram) {
  Keys keys = {{"model", std::string("t5")},
               {"tokens", Strings{"<pad>", "</s>", "<unk>", "\u2581", "\u2581a", "b", "ab"}},
               {"scores", std::vector<double>{0, 0, 0, -2, -3, -4, -3}},
               {"token_type", Numbers{3, 3, 2, 1, 1, 1, 1}},
               {"unknown_token_id", int64_t{2}},
               {"eos_token_id", int64_t{1}}};
  auto v = VocabularyFromGguf(Metadata(keys));
  ASSERT_TRUE(v.ok()) << v.status();
  const auto tokenizer = Tokenizer::Create(*std::move(v));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  // "\u2581" + "ab" costs 5, "\u2581a" + "b" 7.
  const auto ids = (*tokenizer)->Encode("  ab  a xyz</s> ", false, {.add_special = true});
  EXPECT_THAT(*ids, testing::ElementsAre(3, 6, 4, 3, 2, 1));
  keys.emplace_back("precompiled_charsmap", Numbers{1, 0, 0, 0, 1, 0, 0, 0, 0});
  v = VocabularyFromGguf(Metadata(keys));
  ASSERT_TRUE(v.ok()) << v.status();
  EXPECT_THAT(std::string(Tokenizer::Create(*std::move(v)).status().message()),
              HasSubstr("[charsmap]"));
}

TEST(GgufVocabulary, EachWrongKeyIsAnErrorThatNamesIt) {
  const std::vector<std::pair<std::string, gguf::Value>> wrong = {
      {"model", std::string("rwkv")},
      {"model", int64_t{1}},
      {"tokens", std::string("a")},
      {"tokens", Numbers{1}},
      {"scores", Strings{"a"}},
      {"token_type", Strings{"a"}},
      {"token_type", Numbers{2, 3, 3, 1, 99}},
      {"token_type", Numbers{2, 3, 3, 1, -1}},
      {"bos_token_id", int64_t{5}},
      {"eos_token_id", int64_t{-1}},
      {"eot_token_id", int64_t{1} << 32},
      {"eom_token_id", std::string("x")},
      {"padding_token_id", uint64_t{1} << 63},
      {"unknown_token_id", 0.5},
      {"add_bos_token", int64_t{1}},
      {"add_space_prefix", std::string("true")},
      {"precompiled_charsmap", std::string("x")},
      {"precompiled_charsmap", Numbers{1, 256}},
  };
  for (const auto& [key, value] : wrong) {
    Keys keys = SentencePieceKeys();
    std::erase_if(keys, [&, &name = key](const auto& entry) { return entry.first == name; });
    keys.emplace_back(key, value);
    const auto v = VocabularyFromGguf(Metadata(keys));
    ASSERT_FALSE(v.ok()) << key;
    EXPECT_THAT(std::string(v.status().message()), HasSubstr("tokenizer.ggml." + key));
  }
}

TEST(GgufVocabulary, EachMissingKeyIsNotFound) {
  for (const Keys& all : {SentencePieceKeys(), ByteBpeKeys()}) {
    for (const char* key : {"model", "tokens", "scores", "merges"}) {
      Keys keys = all;
      if (std::erase_if(keys, [&](const auto& entry) { return entry.first == key; }) == 0) continue;
      EXPECT_EQ(VocabularyFromGguf(Metadata(keys)).status().code(), absl::StatusCode::kNotFound)
          << key;
    }
  }
}

std::string ModelPath(const std::string& name) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr && *cache != '\0') return std::string(cache) + "/erato/models/" + name;
  return std::string(home == nullptr ? "" : home) + "/.cache/erato/models/" + name;
}

void CheckRealModel(const std::string& file, const std::vector<std::string>& goldens) {
  const std::string path = ModelPath(file);
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no model file " << file << " in the cache";
  const auto opened = File::Open(path);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto contents = gguf::Parse(**opened);
  ASSERT_TRUE(contents.ok()) << contents.status();
  auto vocabulary = VocabularyFromGguf(contents->metadata);
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.status();
  const auto t = Tokenizer::Create(*std::move(vocabulary));
  ASSERT_TRUE(t.ok()) << t.status();
  int rows = 0;
  for (const std::string& golden : goldens) {
    for (const auto& row : test::ReadCases("real/" + golden)) {
      const std::string text = row["text"].get<std::string>();
      const auto ids = (*t)->Encode(text, true, {.add_special = true});
      ASSERT_TRUE(ids.ok()) << ids.status();
      EXPECT_EQ(*ids, row["input_ids"].get<std::vector<int32_t>>()) << row["text"];
      std::string decoded = (*t)->Decode(*ids, true).value();
      if (decoded.starts_with("<bos>")) decoded.erase(0, 5);
      EXPECT_EQ(decoded, text);
      const auto answer = row["greedy_ids"].get<std::vector<int32_t>>();
      EXPECT_EQ((*t)->Decode(answer, true).value(), row["greedy_text"].get<std::string>());
      ++rows;
    }
  }
  EXPECT_GE(rows, 7);
}

TEST(RealModel, SmolLm2) {
  CheckRealModel("smollm2-135m-instruct-q4_1.gguf", {"smollm2.json", "smollm2-chat.json"});
}

TEST(RealModel, Gemma3) { CheckRealModel("gemma-3-270m-q4_k_m.gguf", {"gemma3.json"}); }

}  // namespace
}  // namespace erato
