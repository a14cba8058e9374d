// Vocabularies written by strangers: each lie is an error that names it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/base/concat.h"
#include "tests/tokenizer/cases.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/tokenizer.h"

namespace erato {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Type = Vocabulary::PieceType;

Vocabulary ByteBpe() {
  Vocabulary v;
  for (int b = 0; b < 256; ++b)
    v.pieces.push_back(SpellBytes(std::string(1, static_cast<char>(b))));
  v.pieces.insert(v.pieces.end(), {"ab", "abc", "<|end|>"});
  v.types.assign(v.pieces.size(), Type::kNormal);
  v.types[258] = Type::kControl;
  v.merges = {"a b", "ab c"};
  return v;
}

Vocabulary SentencePiece() {
  Vocabulary v;
  v.kind = Vocabulary::Kind::kSentencePieceBpe;
  v.pieces = {"<unk>", "<s>", "</s>", "a", "b", "ab"};
  v.types = {Type::kUnknown, Type::kControl, Type::kControl,
             Type::kNormal,  Type::kNormal,  Type::kNormal};
  v.scores.assign(6, 0.0f);
  v.unknown = 0;
  v.bos = 1;
  v.eos = 2;
  return v;
}

struct Lie {
  const char* message;  // what the error says
  std::function<void(Vocabulary&)> tell;
};

void CheckLies(const Vocabulary& good, const std::vector<Lie>& lies) {
  ASSERT_TRUE(Tokenizer::Create(good).ok()) << Tokenizer::Create(good).status();
  for (const Lie& lie : lies) {
    Vocabulary v = good;
    lie.tell(v);
    const auto t = Tokenizer::Create(std::move(v));
    ASSERT_FALSE(t.ok()) << lie.message;
    EXPECT_EQ(t.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(t.status().message()), StartsWith("[vocabulary] "));
    EXPECT_THAT(std::string(t.status().message()), HasSubstr(lie.message));
  }
}

TEST(Vocabulary, ByteBpeLies) {
  CheckLies(
      ByteBpe(),
      {
          {"pieces, got 0, expected 1 to",
           [](Vocabulary& v) {
             v.pieces.clear();
             v.types.clear();
           }},
          {"piece types, got 258, expected 259", [](Vocabulary& v) { v.types.pop_back(); }},
          {"type of piece 3, got 0, expected 1 to 6", [](Vocabulary& v) { v.types[3] = Type{0}; }},
          {"type of piece 3, got 7, expected 1 to 6", [](Vocabulary& v) { v.types[3] = Type{7}; }},
          {"beginning-of-text id, got 259, expected below 259", [](Vocabulary& v) { v.bos = 259; }},
          {"end-of-text id, got -2, expected", [](Vocabulary& v) { v.eos = -2; }},
          {"unknown-piece id, got 2147483647", [](Vocabulary& v) { v.unknown = INT32_MAX; }},
          {"padding id, got -2147483648", [](Vocabulary& v) { v.padding = INT32_MIN; }},
          {"end-of-generation id, got 1000",
           [](Vocabulary& v) {
             v.end_of_generation = {0, 1000};
           }},
          {"beginning-of-text id, got none, expected one", [](Vocabulary& v) { v.add_bos = true; }},
          {"end-of-text id, got none, expected one", [](Vocabulary& v) { v.add_eos = true; }},
          {"merge 1, got \"abc\", expected two pieces and a space",
           [](Vocabulary& v) { v.merges[1] = "abc"; }},
          {"merge 0, got \"\", expected two pieces", [](Vocabulary& v) { v.merges[0] = ""; }},
          {"merge 0, got \" \", expected two pieces", [](Vocabulary& v) { v.merges[0] = " "; }},
          {"merge 0, got \"a b c\", expected two pieces",
           [](Vocabulary& v) { v.merges[0] = "a b c"; }},
          {"merge 1, got \"ab zz\", expected two pieces of the vocabulary",
           [](Vocabulary& v) { v.merges[1] = "ab zz"; }},
          {"merge 1, got \"b c\", expected two pieces of the vocabulary",
           [](Vocabulary& v) { v.merges[1] = "b c"; }},
          {"merge 0, got \"\\xff a\"", [](Vocabulary& v) { v.merges[0] = "\xFF a"; }},
          {"pre-tokeniser, got \"x\"", [](Vocabulary& v) { v.pre_tokenizer = "x"; }},
          {"piece 5, got an invalid byte at offset 1, expected UTF-8",
           [](Vocabulary& v) { v.pieces[5] = "a\xC3"; }},
          {"piece 5, got 4097 bytes, expected at most 4096",
           [](Vocabulary& v) { v.pieces[5].assign(4097, 'x'); }},
          {"piece 258, got 257 bytes, expected at most 256",
           [](Vocabulary& v) { v.pieces[258].assign(257, 'x'); }},
          {"merges, got 8388609, expected at most",
           [](Vocabulary& v) { v.merges.resize((1 << 23) + 1); }},
          {"pieces, got 4194305, expected 1 to",
           [](Vocabulary& v) { v.pieces.resize((1 << 22) + 1); }},
      });
}

TEST(Vocabulary, SentencePieceLies) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinite = std::numeric_limits<float>::infinity();
  CheckLies(SentencePiece(),
            {
                {"scores, got 5, expected 6", [](Vocabulary& v) { v.scores.pop_back(); }},
                {"scores, got 0, expected 6", [](Vocabulary& v) { v.scores.clear(); }},
                {"score of piece 4, got nan", [=](Vocabulary& v) { v.scores[4] = nan; }},
                {"score of piece 4, got -inf", [=](Vocabulary& v) { v.scores[4] = -infinite; }},
                {"unknown-piece id, got none", [](Vocabulary& v) { v.unknown = -1; }},
                {"byte pieces, got 1 of the 256",
                 [](Vocabulary& v) {
                   v.pieces[4] = "<0x0A>";
                   v.types[4] = Type::kByte;
                 }},
            });
  for (const char* piece : {"<0x-1>", "<0x A>", "<0x0G>", "<0x>", "<0x0A", "0x0A", "<0x0A>>",
                            "<0x00A>", "<0X0A>", "", "<0x+1>", "\x0a"}) {
    Vocabulary v = SentencePiece();
    v.pieces[4] = piece;
    v.types[4] = Type::kByte;
    const auto t = Tokenizer::Create(std::move(v));
    ASSERT_FALSE(t.ok()) << piece;
    EXPECT_THAT(std::string(t.status().message()), HasSubstr("expected <0xHH>"));
  }
}

TEST(Vocabulary, EmptyAndEqualPiecesAreNoLies) {
  Vocabulary v = ByteBpe();
  v.pieces.insert(v.pieces.end(), {"", "", "ab"});
  v.types.insert(v.types.end(), {Type::kControl, Type::kNormal, Type::kNormal});
  const auto t = Tokenizer::Create(v).value();
  EXPECT_EQ(t->Encode("ab", true).value(), std::vector<int32_t>{256});
  EXPECT_EQ(t->Decode(std::vector<int32_t>{259, 260, 261}, true).value(), "ab");
  Vocabulary s = SentencePiece();
  s.pieces[4] = "";
  EXPECT_TRUE(Tokenizer::Create(s).ok());
}

TEST(Vocabulary, NoMergeMakesAControlPiece) {
  Vocabulary v = ByteBpe();
  v.types[257] = Type::kControl;  // "abc"
  const auto t = Tokenizer::Create(v).value();
  EXPECT_EQ(t->Encode("abc", false).value(), (std::vector<int32_t>{256, 'c'}));
  EXPECT_EQ(t->Encode("abc", true).value(), std::vector<int32_t>{257});
}

TEST(Vocabulary, TheEndMarkerIsControlWhateverItsType) {
  Vocabulary v = ByteBpe();
  v.types.clear();
  v.eos = 258;
  const auto t = Tokenizer::Create(v).value();
  EXPECT_TRUE(t->IsControl(258));
  EXPECT_EQ(t->Encode("<|end|>", true).value(), std::vector<int32_t>{258});
  EXPECT_EQ(t->Encode("<|end|>", false).value().size(), 7u);
  EXPECT_EQ(t->Decode(std::vector<int32_t>{258}, false).value(), "");
  EXPECT_EQ(t->Decode(std::vector<int32_t>{258}, true).value(), "<|end|>");
}

TEST(Vocabulary, BytesWithoutAPieceAreLeftOut) {
  Vocabulary v = ByteBpe();
  v.pieces[1] = "no byte";
  const auto t = Tokenizer::Create(v).value();
  EXPECT_EQ(t->Decode(t->Encode("a\x01\x02", false).value(), false).value(), "a\x02");
}

TEST(Vocabulary, AMillionPiecesInTime) {
  Vocabulary v;
  v.kind = Vocabulary::Kind::kSentencePieceBpe;
  v.pieces.reserve(1000000);
  for (int i = 0; i < 1000000; ++i) v.pieces.push_back(std::to_string(i % 500000));
  v.scores.assign(v.pieces.size(), 1.0f);
  v.types.assign(v.pieces.size(), Type::kNormal);
  for (int i = 0; i < 100000; ++i) {
    v.types[i] = Type::kControl;
    v.pieces[i] = Concat("<", i, ">");
  }
  v.unknown = 0;
  const auto t = Tokenizer::Create(std::move(v)).value();
  EXPECT_EQ(t->Encode("<77777>", true).value(), std::vector<int32_t>{77777});
}

TEST(ByteAlphabet, SpellsAllBytesAndReadsThemBack) {
  std::string all;
  for (int b = 0; b < 256; ++b) all.push_back(static_cast<char>(b));
  std::string back;
  EXPECT_TRUE(AppendSpeltBytes(SpellBytes(all), back));
  EXPECT_EQ(back, all);
  EXPECT_EQ(SpellBytes(" a\n"), "\u0120a\u010a");
  EXPECT_FALSE(AppendSpeltBytes("a b", back));  // a space is no letter
  EXPECT_FALSE(AppendSpeltBytes("\u4f60", back));
  EXPECT_EQ(back, all);
}

}  // namespace
}  // namespace erato
