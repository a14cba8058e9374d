// The rules of SentencePiece vocabularies, one by one, on vocabularies small enough to see through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/tokenizer/cases.h"
#include "tokenizer/space_escape.h"
#include "tokenizer/tokenizer.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

using testing::ElementsAre;
using Type = Vocabulary::PieceType;

struct Row {
  std::string piece;
  float score = 0;
  Type type = Type::kNormal;
};

Vocabulary Make(const std::vector<Row>& rows, bool bytes) {
  Vocabulary v;
  v.kind = Vocabulary::Kind::kSentencePieceBpe;
  auto add = [&](const Row& row) {
    v.pieces.push_back(row.piece);
    v.scores.push_back(row.score);
    v.types.push_back(row.type);
  };
  add({"<unk>", 0, Type::kUnknown});
  v.unknown = 0;
  for (const Row& row : rows) add(row);
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (int b = 0; bytes && b < 256; ++b) {
    add({std::string("<0x") + kHex[b / 16] + kHex[b % 16] + ">", 0, Type::kByte});
  }
  return v;
}

std::vector<std::string> Pieces(Vocabulary vocabulary, std::string_view text, bool trusted) {
  const auto t = Tokenizer::Create(std::move(vocabulary));
  EXPECT_TRUE(t.ok()) << t.status();
  if (!t.ok()) return {};
  std::vector<std::string> pieces;
  const std::vector<int32_t> ids = (*t)->Encode(text, trusted).value();
  for (int32_t id : ids) pieces.push_back((*t)->vocabulary().pieces[id]);
  return pieces;
}

TEST(SentencePiece, TheHighestScoreMergesFirst) {
  const Vocabulary v =
      Make({{"a", -1}, {"b", -2}, {"c", -3}, {"ab", -5}, {"bc", -4}, {"abc", -9}}, true);
  EXPECT_THAT(Pieces(v, "abc", false), ElementsAre("abc"));
  EXPECT_THAT(Pieces(v, "abcab", false), ElementsAre("abc", "ab"));
  Vocabulary without = v;
  without.pieces[6] = "zzz";
  EXPECT_THAT(Pieces(without, "abc", false), ElementsAre("a", "bc"));
}

TEST(SentencePiece, WhatNoPieceCoversBecomesBytesOrOneUnknown) {
  const std::vector<Row> rows = {{"a", -1}, {"\u2581", -2}};
  EXPECT_THAT(Pieces(Make(rows, true), "a\u00e9", false), ElementsAre("a", "<0xC3>", "<0xA9>"));
  EXPECT_THAT(Pieces(Make(rows, false), "axyza x", false),
              ElementsAre("a", "<unk>", "a", "\u2581", "<unk>"));
}

TEST(SentencePiece, ASpacePrefixIfAskedFor) {
  Vocabulary v = Make({{"a", -1}, {"\u2581", -2}, {"\u2581a", -3}}, true);
  EXPECT_THAT(Pieces(v, "a", false), ElementsAre("a"));
  v.add_space_prefix = true;
  EXPECT_THAT(Pieces(v, "a", false), ElementsAre("\u2581a"));
  EXPECT_THAT(Pieces(v, "", false), ElementsAre());
  const auto t = Tokenizer::Create(v).value();
  EXPECT_EQ(t->decode_rules().begin_spaces, 1);
  EXPECT_EQ(t->Decode(t->Encode(" a a", false).value(), false).value(), " a a");
}

TEST(SentencePiece, UserDefinedPiecesStandBeforeMerging) {
  const Vocabulary v =
      Make({{"a", -1}, {"b", -2}, {"ab", -3}, {"ba", -4, Type::kUserDefined}}, true);
  EXPECT_THAT(Pieces(v, "abab", false), ElementsAre("a", "ba", "b"));
}

TEST(SentencePiece, MarkersAreForTrustedTextAndHtmlIsContent) {
  const Vocabulary v = Make({{"<turn>", 0, Type::kUserDefined},
                             {"[INST]", 0, Type::kUserDefined},
                             {"<td>", 0, Type::kUserDefined},
                             {"</td>", 0, Type::kUserDefined},
                             {"<eot>", 0, Type::kControl}},
                            true);
  EXPECT_THAT(Pieces(v, "<turn>[INST]<td></td><eot>", true),
              ElementsAre("<turn>", "[INST]", "<td>", "</td>", "<eot>"));
  const std::vector<std::string> plain = Pieces(v, "<turn>[INST]<td></td><eot>", false);
  EXPECT_EQ(plain.size(), 6u + 6u + 2u + 5u);
  EXPECT_THAT(plain, testing::Contains("<td>"));
  EXPECT_THAT(plain, testing::Not(testing::Contains("<turn>")));
  EXPECT_THAT(plain, testing::Not(testing::Contains("[INST]")));
}

TEST(SentencePiece, RunsOfSpacesMergeBeforeAllElse) {
  for (const std::string& space : {std::string(" "), std::string("\u2581")}) {
    const Vocabulary v = Make({{"a", -1},
                               {"\u2581", -2},
                               {"\u2581a", 5},
                               {space + space, -1000, Type::kUserDefined},
                               {space + space + space, -1000, Type::kUserDefined}},
                              true);
    EXPECT_THAT(Pieces(v, "a   a", false), ElementsAre("a", space + space + space, "a"));
    EXPECT_THAT(Pieces(v, "a    a", false), ElementsAre("a", space + space, space + space, "a"));
    EXPECT_THAT(Pieces(v, "a a", false), ElementsAre("a", "\u2581a"));
  }
}

TEST(SentencePiece, TheLowestIdOfEqualTextsIsUsed) {
  EXPECT_EQ(Tokenizer::Create(Make({{"ab", -9}, {"a", -1}, {"ab", -1}, {"b", -1}}, true))
                .value()
                ->Encode("ab", false)
                .value(),
            std::vector<int32_t>{1});
}

// Words are encoded one by one where no piece can join them; a merge over the whole text is the
// obvious way.
TEST(SentencePiece, WordByWordIsTheSameAsAtOnce) {
  std::mt19937 rng(31);
  for (int round = 0; round < 3000; ++round) {
    std::vector<Row> rows = {{"a", -1}, {"b", -1}, {"\u2581", -1}};
    for (size_t n = rng() % 25; n > 0; --n) {
      std::string piece;
      for (size_t m = 2 + rng() % 4; m > 0; --m)
        piece += rng() % 3 == 0 ? "\u2581" : rng() % 2 == 0 ? "a" : "b";
      rows.push_back({piece, -static_cast<float>(rng() % 12)});
    }
    std::string text, escaped;
    for (size_t n = rng() % 60; n > 0; --n) text += " ab"[rng() % 3];
    AppendEscaped(text, escaped);
    std::map<std::string, float> scores;
    for (const Row& row : rows) scores.try_emplace(row.piece, row.score);
    std::vector<std::string> symbols;
    for (size_t at = 0; at < escaped.size();) {
      const size_t bytes = DecodeCodePoint(escaped, at).bytes;
      symbols.push_back(escaped.substr(at, bytes));
      at += bytes;
    }
    while (true) {
      size_t best = symbols.size();
      float score = 0;
      for (size_t i = 0; i + 1 < symbols.size(); ++i) {
        const auto found = scores.find(symbols[i] + symbols[i + 1]);
        if (found == scores.end() || (best < symbols.size() && found->second <= score)) continue;
        best = i;
        score = found->second;
      }
      if (best == symbols.size()) break;
      symbols[best] += symbols[best + 1];
      symbols.erase(symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
    }
    ASSERT_EQ(Pieces(Make(rows, false), text, false), symbols) << text;
  }
}

}  // namespace
}  // namespace erato
