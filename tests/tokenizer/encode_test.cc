// Whole tokenizers against what Hugging Face tokenizers and SentencePiece answer (make_cases.py),
// and what must hold for every text: round trips, and control pieces from trusted text alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/tokenizer/cases.h"
#include "tokenizer/nfc.h"
#include "tokenizer/tokenizer.h"

namespace erato {
namespace {

using test::Json;
using Ids = std::vector<int32_t>;

std::unique_ptr<const Tokenizer> Make(Vocabulary vocabulary) {
  auto tokenizer = Tokenizer::Create(std::move(vocabulary));
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status();
  return tokenizer.ok() ? *std::move(tokenizer) : nullptr;
}

Ids Encode(const Tokenizer& t, std::string_view text, bool trusted) {
  const auto ids = t.Encode(text, trusted);
  EXPECT_TRUE(ids.ok()) << ids.status();
  return ids.value_or(Ids{});
}

int CheckRows(const Tokenizer& t, const Json& rows, bool trusted) {
  for (const auto& row : rows) {
    EXPECT_EQ(Encode(t, row[0].get<std::string>(), trusted), row[1].get<Ids>()) << row[0];
  }
  return static_cast<int>(rows.size());
}

std::vector<std::unique_ptr<const Tokenizer>> AllTokenizers() {
  std::vector<std::unique_ptr<const Tokenizer>> all;
  for (const auto& entry : test::ReadCases("tokenizer/byte_bpe.json")) {
    all.push_back(Make(test::ByteBpeVocabulary(entry)));
  }
  for (const auto& entry : test::ReadCases("tokenizer/sentencepiece.json")) {
    all.push_back(Make(test::SentencePieceVocabulary(entry)));
  }
  return all;
}

TEST(Encode, ByteBpeIdsAreThoseOfTheReference) {
  int checked = 0;
  for (const auto& entry : test::ReadCases("tokenizer/byte_bpe.json")) {
    const auto t = Make(test::ByteBpeVocabulary(entry));
    ASSERT_NE(t, nullptr);
    checked += CheckRows(*t, entry["trusted"], true);
    checked += CheckRows(*t, entry["plain"], false);
  }
  EXPECT_EQ(checked, 480);
}

TEST(Encode, SentencePieceIdsAreThoseOfTheReference) {
  int checked = 0;
  for (const auto& entry : test::ReadCases("tokenizer/sentencepiece.json")) {
    const auto t = Make(test::SentencePieceVocabulary(entry));
    ASSERT_NE(t, nullptr);
    checked += CheckRows(*t, entry["plain"], false);
  }
  EXPECT_GE(checked, 200);
}

TEST(Encode, DecodingGivesTheTextBack) {
  std::mt19937 rng(17);
  int checked = 0;
  for (const auto& t : AllTokenizers()) {
    const Vocabulary& v = t->vocabulary();
    const bool exact = v.unknown < 0 || std::find(v.types.begin(), v.types.end(),
                                                  Vocabulary::PieceType::kByte) != v.types.end();
    if (!exact) continue;  // what it does not know is lost
    for (int round = 0; round < 500; ++round) {
      std::string text = test::RandomText(rng, rng() % 30);
      const auto back = t->Decode(Encode(*t, text, round % 2 == 0), /*special=*/true);
      ASSERT_TRUE(back.ok());
      if (v.pre_tokenizer == "qwen2") {
        ASSERT_EQ(NormalizeNfc(*back), NormalizeNfc(text));
        continue;
      }
      if (v.kind == Vocabulary::Kind::kSentencePieceBpe) {  // U+2581 is a space to SentencePiece
        for (size_t at; (at = text.find("\u2581")) != std::string::npos;)
          text.replace(at, 3, 1, ' ');
        if (v.add_space_prefix && round % 2 == 0) continue;  // a space after each special piece
      }
      ASSERT_EQ(*back, text) << v.pre_tokenizer;
      ++checked;
    }
  }
  EXPECT_GE(checked, 2000);
}

TEST(Encode, OnlyTrustedTextBecomesControlPieces) {
  std::mt19937 rng(19);
  int controls = 0;
  for (const auto& t : AllTokenizers()) {
    for (int round = 0; round < 500; ++round) {
      const std::string content = "<|start|>" + test::RandomText(rng, rng() % 8) + "<unk><|end|>x";
      for (int32_t id : Encode(*t, content, false)) {
        if (id == t->vocabulary().unknown) continue;
        ASSERT_FALSE(t->IsControl(id)) << content;
      }
      // The scaffold's markers, and no more of them whatever the content spells.
      const TextSpan spans[] = {{"<|start|>", true}, {content, false}, {"<|end|>", true}};
      const auto ids = t->Encode(spans, {});
      ASSERT_TRUE(ids.ok());
      const auto is_control = [&](int32_t id) {
        return id != t->vocabulary().unknown && t->IsControl(id);
      };
      const auto count = std::count_if(ids->begin(), ids->end(), is_control);
      const bool has_markers = t->vocabulary().kind == Vocabulary::Kind::kByteBpe;
      ASSERT_EQ(count, has_markers ? 2 : 0) << content;
      controls += static_cast<int>(count);
    }
  }
  EXPECT_EQ(controls, 4 * 500 * 2);
}

TEST(Encode, AMarkerAcrossABorderIsNoMarker) {
  const auto t = Make(test::ByteBpeVocabulary(test::ReadCases("tokenizer/byte_bpe.json")[0]));
  const TextSpan cut[] = {{"<|sta", true}, {"rt|>", false}};
  const TextSpan scaffold[] = {{"<|sta", true}, {"", false}, {"rt|>", true}};
  const auto ids = t->Encode(cut, {});
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(*ids, Encode(*t, "<|start|>", false));
  EXPECT_EQ(t->Encode(scaffold, {}).value(), Encode(*t, "<|start|>", true));
  EXPECT_EQ(t->Encode(scaffold, {}).value().size(), 1u);
}

TEST(Encode, SpansAreOneText) {
  std::mt19937 rng(23);
  for (const auto& t : AllTokenizers()) {
    for (int round = 0; round < 300; ++round) {
      const std::string a = test::RandomText(rng, 4), b = test::RandomText(rng, 4);
      const TextSpan spans[] = {{a, false}, {b, false}};
      ASSERT_EQ(t->Encode(spans, {}).value(), Encode(*t, a + b, false));
    }
  }
}

TEST(Encode, TheLongestMarkerWins) {
  const auto t = Make(test::ByteBpeVocabulary(test::ReadCases("tokenizer/byte_bpe.json")[0]));
  const Ids ids = Encode(*t, "<|end|>x<|end|>", true);
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(t->vocabulary().pieces[ids[0]], "<|end|>x");
  EXPECT_EQ(t->vocabulary().pieces[ids[1]], "<|end|>");
}

TEST(Encode, BosAndEosOnce) {
  Vocabulary v = test::ByteBpeVocabulary(test::ReadCases("tokenizer/byte_bpe.json")[0]);
  const auto id_of = [&](const char* piece) {
    return static_cast<int32_t>(std::find(v.pieces.begin(), v.pieces.end(), piece) -
                                v.pieces.begin());
  };
  v.bos = id_of("<|start|>");
  v.eos = id_of("<|end|>");
  v.add_bos = v.add_eos = true;
  const int32_t bos = v.bos, eos = v.eos;
  const auto t = Make(std::move(v));
  const EncodeOptions add{.add_special = true};
  EXPECT_EQ(t->Encode("", false, add).value(), (Ids{bos, eos}));
  EXPECT_EQ(t->Encode("<|start|>", true, add).value(), (Ids{bos, eos}));
  EXPECT_EQ(t->Encode("<|start|><|end|>", true, add).value(), (Ids{bos, eos}));
  EXPECT_EQ(t->Encode("<|start|><|start|>", true, add).value(), (Ids{bos, bos, eos}));
  const Ids content = t->Encode("<|start|>", false, add).value();
  EXPECT_GT(content.size(), 3u);
  EXPECT_EQ(content.front(), bos);
  EXPECT_EQ(Encode(*t, "", true), Ids{});
  EXPECT_TRUE(t->IsEndOfGeneration(eos));
  EXPECT_FALSE(t->IsEndOfGeneration(bos));
}

TEST(Encode, InvalidUtf8IsAnErrorThatNamesTheOffset) {
  for (const auto& t : AllTokenizers()) {
    const TextSpan spans[] = {{"ab", true}, {"c\xFF", false}};
    const auto ids = t->Encode(spans, {});
    ASSERT_FALSE(ids.ok());
    EXPECT_EQ(ids.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ids.status().message(),
              "[tokenizer] text, got byte 0xff at offset 3, expected UTF-8");
  }
}

TEST(Decode, AnIdOutOfRangeIsAnError) {
  for (const auto& t : AllTokenizers()) {
    for (int32_t id : {-1, t->size(), INT32_MAX, INT32_MIN}) {
      const Ids ids = {0, id};
      EXPECT_EQ(t->Decode(ids, true).status().code(), absl::StatusCode::kInvalidArgument);
      std::string out;
      t->AppendBytes(id, true, out);
      EXPECT_EQ(out, "");
      EXPECT_FALSE(t->IsControl(id));
      EXPECT_FALSE(t->IsEndOfGeneration(id));
    }
  }
}

TEST(Encode, AMegabyteOfOneThing) {
  for (const auto& t : AllTokenizers()) {
    for (std::string part : {"a", " ", "\u0301", "\n", "ab", "<|start|", "\u4f60"}) {
      std::string text;
      while (text.size() < (1 << 20)) text += part;
      const Ids ids = Encode(*t, text, true);
      EXPECT_LE(ids.size(), text.size() + 1);  // the space that SentencePiece puts before it
    }
  }
}

TEST(Encode, ManyThreadsAgree) {
  const auto t = Make(test::ByteBpeVocabulary(test::ReadCases("tokenizer/byte_bpe.json")[1]));
  std::mt19937 rng(29);
  const std::string text = test::RandomText(rng, 2000);
  const Ids expected = Encode(*t, text, true);
  std::vector<Ids> got(4);
  std::vector<std::thread> threads;
  for (Ids& ids : got) threads.emplace_back([&] { ids = t->Encode(text, true).value(); });
  for (std::thread& thread : threads) thread.join();
  for (const Ids& ids : got) EXPECT_EQ(ids, expected);
}

}  // namespace
}  // namespace erato
