// Tokenizers as tokenizer.json and SentencePiece's files describe them, against what Hugging Face
// tokenizers and SentencePiece answer (compare.py --cases), and what must hold for any of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "capi/src/tokenizer_json.h"
#include "tests/tokenizer/cases.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"
#include "tokenizer/sentencepiece_model.h"

namespace erato {
namespace {

using test::Json;
using Ids = std::vector<int32_t>;
using TokenizerOr = absl::StatusOr<std::unique_ptr<const Tokenizer>>;

const Json& Cases() {
  static const auto* const cases = new Json(test::ReadCases("tokenizer/pipelines.json"));
  return *cases;
}

TokenizerOr FromJson(const Json& json) {
  auto spec = capi::TokenizerSpecFromJson(test::Parsed(json));
  if (!spec.ok()) return spec.status();
  return PipelineTokenizer::Create(*std::move(spec));
}

TokenizerOr FromModel(std::string_view bytes) {
  auto vocabulary = ParseSentencePieceModel(bytes);
  if (!vocabulary.ok()) return vocabulary.status();
  return Tokenizer::Create(*std::move(vocabulary));
}

std::string ModelBytes(const Json& entry) {
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape(entry["model"].get<std::string>(), &bytes));
  return bytes;
}

TextSpan Trusted(const std::string& text) { return {text, true}; }

TEST(Pipeline, IdsAreThoseOfTheReference) {
  int checked = 0;
  for (const auto& entry : Cases()["pipelines"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto tokenizer = FromJson(entry["tokenizer"]);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (const auto& row : entry["trusted"]) {
      const auto ids = (*tokenizer)->Encode(row[0].get<std::string>(), true, {.add_special = true});
      ASSERT_TRUE(ids.ok()) << ids.status();
      EXPECT_EQ(*ids, row[1].get<Ids>()) << row[0];
      ++checked;
    }
  }
  EXPECT_GE(checked, 250);
}

// Ways to write the dashes that are equal but for the last bit of a sum: expected ids are those of
// tokenizers 0.23.3.
TEST(Pipeline, UnigramScoresAreReadAsTheReferenceReadsThem) {
  const Json json = Json::parse(R"({"version": "1.0", "added_tokens": [], "model": {
    "type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [["<unk>", 0.0],
    ["-", -6.310433747269168], ["----", -9.917771340636957], ["in", -6.961728659074954],
    ["the", -9.097276782136465], ["x", -7.954943755648612]]}})");
  const auto tokenizer = FromJson(json);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
  EXPECT_EQ(*(*tokenizer)->Encode("in------", false), (Ids{3, 1, 2, 1}));
  EXPECT_EQ(*(*tokenizer)->Encode("the------", false), (Ids{4, 1, 2, 1}));
  EXPECT_EQ(*(*tokenizer)->Encode("x-------", false), (Ids{5, 1, 1, 1, 2}));
  EXPECT_EQ(*(*tokenizer)->Encode("in----------", false), (Ids{3, 1, 2, 2, 1}));
}

TEST(Pipeline, PairsHaveTheReferencesSegments) {
  for (const auto& entry : Cases()["pipelines"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto tokenizer = FromJson(entry["tokenizer"]);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (const auto& row : entry["pairs"]) {
      const auto a = row[0].get<std::string>(), b = row[1].get<std::string>();
      const TextSpan first = Trusted(a), second = Trusted(b);
      const auto second_span = absl::MakeConstSpan(&second, 1);
      const auto made =
          (*tokenizer)
              ->EncodeDetailed(absl::MakeConstSpan(&first, 1), &second_span, {.add_special = true});
      ASSERT_TRUE(made.ok()) << made.status();
      EXPECT_EQ(made->ids, row[2].get<Ids>());
      EXPECT_EQ(made->segments, row[3].get<Ids>());
      EXPECT_EQ(made->offsets.size(), made->ids.size());
    }
  }
}

TEST(Pipeline, OffsetsAreThoseOfTheReferenceWhereTextStays) {
  int checked = 0;
  for (const auto& entry : Cases()["pipelines"]) {
    if (!entry.contains("offsets")) continue;
    const auto tokenizer = FromJson(entry["tokenizer"]);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (const auto& row : entry["offsets"]) {
      const auto text = row[0].get<std::string>();
      const TextSpan span = Trusted(text);
      const auto made =
          (*tokenizer)
              ->EncodeDetailed(absl::MakeConstSpan(&span, 1), nullptr, {.add_special = true});
      ASSERT_TRUE(made.ok()) << made.status();
      std::vector<std::vector<uint32_t>> got;
      for (const ByteRange& range : made->offsets) got.push_back({range.begin, range.end});
      EXPECT_EQ(got, row[1].get<std::vector<std::vector<uint32_t>>>()) << row[0];
      ++checked;
    }
  }
  EXPECT_GE(checked, 10);
}

// Offsets change no ids, rise, and lie within the text.
TEST(Pipeline, OffsetsLieInTheText) {
  std::mt19937 rng(23);
  for (const auto& entry : Cases()["pipelines"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto tokenizer = FromJson(entry["tokenizer"]);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (int round = 0; round < 50; ++round) {
      const std::string text = test::RandomText(rng, rng() % 30);
      const TextSpan span{text, false};
      const auto made =
          (*tokenizer)->EncodeDetailed(absl::MakeConstSpan(&span, 1), nullptr, EncodeOptions{});
      ASSERT_TRUE(made.ok()) << made.status();
      EXPECT_EQ(made->ids, (*tokenizer)->Encode(text, false).value());
      for (const ByteRange& range : made->offsets) {
        EXPECT_LE(range.begin, range.end);
        EXPECT_LE(range.end, text.size());
      }
    }
  }
}

TEST(Pipeline, OnlyTrustedTextBecomesControlPieces) {
  std::mt19937 rng(29);
  for (const auto& entry : Cases()["pipelines"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto tokenizer = FromJson(entry["tokenizer"]);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (int round = 0; round < 100; ++round) {
      std::string text = test::RandomText(rng, rng() % 6);
      text.append("[CLS]</s><s>").append(test::RandomText(rng, rng() % 3)).append("[SEP] <s>");
      const std::vector<int32_t> ids = (*tokenizer)->Encode(text, false).value();
      for (int32_t id : ids) {
        if (id == (*tokenizer)->vocabulary().unknown) continue;
        ASSERT_FALSE((*tokenizer)->IsControl(id)) << text;
      }
    }
  }
}

TEST(Pipeline, UnknownComponentsAreNamed) {
  const auto message = [](const char* section, const char* type) {
    Json json = Cases()["pipelines"][0]["tokenizer"];
    json[section]["type"] = type;
    return std::string(FromJson(json).status().message());
  };
  EXPECT_THAT(message("normalizer", "Nmt"), testing::HasSubstr("\"Nmt\""));
  EXPECT_THAT(message("pre_tokenizer", "UnicodeScripts"), testing::HasSubstr("UnicodeScripts"));
  EXPECT_THAT(message("model", "Foo"), testing::HasSubstr("[tokenizer.json model] type"));
  EXPECT_THAT(message("decoder", "CTC"), testing::HasSubstr("\"CTC\""));
  EXPECT_THAT(message("post_processor", "Bar"), testing::HasSubstr("\"Bar\""));
}

// --- files of strangers -----------------------------------------------------------------------

// A value of the tree, by chance.
Json& AnyValue(Json& json, std::mt19937& rng) {
  Json* at = &json;
  for (int depth = 0; depth < 6 && (at->is_array() || at->is_object()) && !at->empty(); ++depth) {
    if (depth > 0 && rng() % 4 == 0) break;
    auto next = at->begin();
    std::advance(next, static_cast<ptrdiff_t>(rng() % at->size()));
    at = &*next;
  }
  return *at;
}

Json AnyReplacement(std::mt19937& rng) {
  static const Json kValues[] = {nullptr,
                                 true,
                                 -1,
                                 0,
                                 int64_t{1} << 40,
                                 UINT64_MAX,
                                 1e300,
                                 "",
                                 "x",
                                 "\u2581",
                                 "[",
                                 "(a*)*",
                                 std::string(5000, 'a'),
                                 Json::array(),
                                 Json::object(),
                                 Json::array({"a", -3}),
                                 Json::object({{"type", "Sequence"}})};
  return kValues[rng() % std::size(kValues)];
}

void Use(const TokenizerOr& tokenizer, std::mt19937& rng) {
  if (!tokenizer.ok()) {
    EXPECT_TRUE(std::string(tokenizer.status().message()).starts_with("[")) << tokenizer.status();
    return;
  }
  const std::string text = test::RandomText(rng, 12);
  const auto ids = (*tokenizer)->Encode(text, rng() % 2 == 0, {.add_special = true});
  ASSERT_TRUE(ids.ok()) << ids.status();
  for (int32_t id : *ids) ASSERT_TRUE(id >= 0 && id < (*tokenizer)->size());
  EXPECT_TRUE((*tokenizer)->Decode(*ids, true).ok());
}

TEST(Pipeline, BrokenFilesAreErrorsOrWork) {
  std::mt19937 rng(31);
  int refused = 0, taken = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto& pipelines = Cases()["pipelines"];
    Json json = pipelines[rng() % pipelines.size()]["tokenizer"];
    for (int change = 0; change < 1 + round % 3; ++change) {
      AnyValue(json, rng) = AnyReplacement(rng);
    }
    const auto tokenizer = FromJson(json);
    ++(tokenizer.ok() ? taken : refused);
    Use(tokenizer, rng);
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(taken, 100);
}

TEST(SentencePieceModel, IdsAreThoseOfTheReference) {
  int checked = 0;
  for (const auto& entry : Cases()["models"]) {
    const auto tokenizer = FromModel(ModelBytes(entry));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();
    for (const auto& row : entry["plain"]) {
      const auto ids = (*tokenizer)->Encode(row[0].get<std::string>(), false);
      ASSERT_TRUE(ids.ok()) << ids.status();
      EXPECT_EQ(*ids, row[1].get<Ids>()) << row[0];
      ++checked;
    }
  }
  EXPECT_GE(checked, 100);
}

TEST(SentencePieceModel, BrokenFilesAreErrorsOrWork) {
  std::mt19937 rng(37);
  int refused = 0, taken = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto& models = Cases()["models"];
    std::string bytes = ModelBytes(models[rng() % models.size()]);
    for (int change = 0; change < 1 + round % 4; ++change) {
      bytes[rng() % bytes.size()] = static_cast<char>(rng());
    }
    if (round % 5 == 0) bytes.resize(rng() % bytes.size());
    const auto tokenizer = FromModel(bytes);
    ++(tokenizer.ok() ? taken : refused);
    Use(tokenizer, rng);
  }
  EXPECT_GT(refused, 200);
  EXPECT_GT(taken, 200);
}

}  // namespace
}  // namespace erato
