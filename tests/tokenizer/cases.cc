#include "tests/tokenizer/cases.h"

#include "tokenizer/utf8.h"

namespace erato::test {
namespace {

std::vector<Vocabulary::PieceType> Types(const Json& entry) {
  std::vector<Vocabulary::PieceType> types;
  for (int type : entry["types"]) types.push_back(static_cast<Vocabulary::PieceType>(type));
  return types;
}

}  // namespace

Json ReadCases(const std::string& name) {
  return ReadJsonFile(std::string(ERATO_TEST_DATA) + "/" + name);
}

Vocabulary ByteBpeVocabulary(const Json& entry) {
  Vocabulary v;
  v.kind = Vocabulary::Kind::kByteBpe;
  v.pieces = entry["pieces"].get<std::vector<std::string>>();
  v.types = Types(entry);
  v.merges = entry["merges"].get<std::vector<std::string>>();
  v.pre_tokenizer = entry["pre"].get<std::string>();
  return v;
}

Vocabulary SentencePieceVocabulary(const Json& entry) {
  Vocabulary v;
  v.kind = Vocabulary::Kind::kSentencePieceBpe;
  v.pieces = entry["pieces"].get<std::vector<std::string>>();
  v.types = Types(entry);
  v.scores = entry["scores"].get<std::vector<float>>();
  v.unknown = entry["unknown"].get<int32_t>();
  v.add_space_prefix = entry["add_space_prefix"].get<bool>();
  v.remove_extra_whitespace = entry["remove_extra_whitespace"].get<bool>();
  return v;
}

std::string RandomText(std::mt19937& rng, size_t parts) {
  static constexpr const char* kParts[] = {
      " ",      "  ",        "\n",      "\t",           "\r\n",       "the",
      "ing",    "don't",     "<|",      "|>",           "<b>",        "12",
      "3.14",   "\u00e9",    "x=1",     "...",          "\u4f60",     "e\u0301",
      "\u200d", "<|start|>", "<|end|>", "\u0410\u0431", "\U0001F44D", "\u00a0"};
  std::string text;
  for (size_t i = 0; i < parts; ++i) {
    if (rng() % 4 != 0) {
      text.append(kParts[rng() % std::size(kParts)]);
      continue;
    }
    char32_t value = rng() % 2 == 0 ? rng() % 0x80 : rng() % 0x110000;
    if (value >= 0xD800 && value < 0xE000) value = U'\u2581';
    AppendUtf8(value, text);
  }
  return text;
}

}  // namespace erato::test
