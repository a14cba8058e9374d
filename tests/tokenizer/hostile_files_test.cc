// tokenizer.json of each kind, written by somebody who means harm: an error that names what is
// wrong, or a tokenizer, in bounded time; and prompts of ten megabytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/src/tokenizer_json.h"
#include "core/base/json.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"
#include "tokenizer/template/builtin.h"
#include "tokenizer/template/chat_template.h"

namespace erato {
namespace {

using testing::HasSubstr;
using TokenizerOr = absl::StatusOr<std::unique_ptr<const Tokenizer>>;

TokenizerOr Read(const std::string& text) {
  auto json = ParseJson(text, "tokenizer.json");
  if (!json.ok()) return json.status();
  auto spec = capi::TokenizerSpecFromJson(*json);
  if (!spec.ok()) return spec.status();
  return PipelineTokenizer::Create(*std::move(spec));
}

std::string File(const std::string& model, const std::string& added = "") {
  return absl::StrCat(R"({"model": {)", model, R"(}, "added_tokens": [)", added, "]}");
}

constexpr char kBpe[] = R"("type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": )";

TEST(HostileFiles, EachIsAnErrorThatNamesWhatIsWrong) {
  const std::pair<std::string, const char*> files[] = {
      {"[]", "expected an object"},
      {"{}", "model"},
      {File(absl::StrCat(kBpe, R"(["a b", "ab c"])")), "merge 1"},
      {File(absl::StrCat(kBpe, R"([["a", "b"], ["ab", "ab"]])")), "merge 1"},
      {File(absl::StrCat(kBpe, R"(["ab"])")), "merge"},
      {File(absl::StrCat(kBpe, R"([["a", "b", "c"]])")), "merge"},
      {File(absl::StrCat(kBpe, R"([7])")), "merge"},
      {File(R"("type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": [])"), "id"},
      {File(R"("type": "BPE", "vocab": {"a": -1}, "merges": [])"), "id"},
      {File(R"("type": "BPE", "vocab": {"a": 4294967296}, "merges": [])"), "id"},
      {File(R"("type": "BPE", "vocab": {"a": 1.5}, "merges": [])"), "a"},
      {File(R"("type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "?")"), "unk_token"},
      {File(R"("type": "WordPiece", "vocab": {"a": 0}, "unk_token": "?")"), "unk_token"},
      {File(R"("type": "WordPiece", "vocab": [["a", 0]], "unk_token": "a")"), "vocab"},
      {File(R"("type": "WordLevel", "vocab": {"a": 2000000000}, "unk_token": "a")"), "id"},
      {File(R"("type": "Unigram", "vocab": [["a", 0.5], ["b"]], "unk_id": 0)"), "vocab"},
      {File(R"("type": "Unigram", "vocab": [["a", 1e999]], "unk_id": 0)"), ""},
      {File(R"("type": "Unigram", "vocab": [["a", 0.5]], "unk_id": 7)"), "unknown-piece id, got 7"},
      {File(R"("type": "Unigram", "vocab": [], "unk_id": 0)"), ""},
      {File(R"("type": "Oracle", "vocab": {})"), "Oracle"},
      {File(absl::StrCat(kBpe, "[]"), R"({"id": 9999999, "content": "x"})"), "id"},
      {File(absl::StrCat(kBpe, "[]"), R"({"id": -1, "content": "x"})"), "id"},
      {File(absl::StrCat(kBpe, "[]"), R"({"id": 0})"), "content"},
      {std::string(100000, '['), "depth"},
  };
  for (const auto& [text, part] : files) {
    const auto made = Read(text);
    ASSERT_FALSE(made.ok()) << text.substr(0, 200);
    EXPECT_THAT(std::string(made.status().message()), HasSubstr(part)) << text.substr(0, 200);
    EXPECT_THAT(std::string(made.status().message()), testing::StartsWith("["));
  }
}

// Each piece is made of the one before: the longest chain that there can be.
TEST(HostileFiles, ChainsOfMerges) {
  std::string vocab = R"("a": 0)", merges, piece = "a";
  for (int i = 1; i < 2000; ++i) {
    absl::StrAppend(&merges, i > 1 ? "," : "", R"([")", piece, R"(", "a"])");
    piece += 'a';
    absl::StrAppend(&vocab, R"(, ")", piece, R"(": )", i);
  }
  const auto made = Read(absl::StrCat(R"({"model": {"type": "BPE", "vocab": {)", vocab,
                                      R"(}, "merges": [)", merges, "]}}"));
  ASSERT_TRUE(made.ok()) << made.status();
  const auto ids = (*made)->Encode(std::string(1'000'000, 'a'), false);
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_EQ(ids->size(),
            500'000u);  // the first merge takes all pairs, and leaves none for the next
}

// A million pieces of the kind that costs most, a good part of it of the others.
TEST(HostileFiles, AMillionPieces) {
  const auto names = [](int count) {
    std::string vocab = R"("?":0)";
    for (int i = 1; i < count; ++i) absl::StrAppend(&vocab, R"(,"w)", i, R"(":)", i);
    return vocab;
  };
  std::string scored = R"(["?",0])";
  for (int i = 1; i < 100'000; ++i) absl::StrAppend(&scored, R"(,["w)", i, R"(",-1])");
  const std::pair<std::string, int> models[] = {
      {absl::StrCat(R"("type":"BPE","merges":[],"vocab":{)", names(1'000'000), "}"), 1'000'000},
      {absl::StrCat(R"("type":"WordLevel","unk_token":"?","vocab":{)", names(100'000), "}"),
       100'000},
      {absl::StrCat(R"("type":"WordPiece","unk_token":"?","vocab":{)", names(100'000), "}"),
       100'000},
      {absl::StrCat(R"("type":"Unigram","unk_id":0,"vocab":[)", scored, "]"), 100'000}};
  for (const auto& [model, size] : models) {
    const auto made = Read(File(model));
    ASSERT_TRUE(made.ok()) << made.status() << model.substr(0, 40);
    EXPECT_EQ((*made)->size(), size);
  }
}

TEST(HostileFiles, PromptsOfTenMegabytes) {
  std::string text;
  while (text.size() < 10'000'000) text += "<|im_end|> ab {{ messages }} \u00e9\n";
  const auto tokenizer = Read(File(absl::StrCat(kBpe, R"(["a b"], "unk_token": "a")")));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  const auto chat = ChatTemplate::Parse(BuiltinOrSource("chatml").value()).value();
  const Value message(Dict{{"role", Value::Content("user")}, {"content", Value::Content(text)}});
  const auto spans = chat->Render(Value(Dict{{"messages", Value(List{message})}}), nullptr);
  ASSERT_TRUE(spans.ok()) << spans.status();
  EXPECT_THAT(TextOf(*spans), HasSubstr(text.substr(text.size() - 1000)));
  std::vector<TextSpan> texts;
  for (const RenderedSpan& span : *spans) texts.push_back({span.text, span.scaffold});
  EXPECT_TRUE((*tokenizer)->Encode(texts, {}).ok());
}

}  // namespace
}  // namespace erato
