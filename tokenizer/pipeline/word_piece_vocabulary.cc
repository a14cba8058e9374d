#include "tokenizer/pipeline/word_piece_vocabulary.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "tokenizer/message.h"
#include "tokenizer/space_escape.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

bool HasCapital(std::string_view piece) {
  return std::any_of(piece.begin(), piece.end(),
                     [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); });
}

TemplatePart Special(int32_t id, int32_t segment) {
  TemplatePart part;
  part.kind = TemplatePart::Kind::kSpecial;
  part.ids = {id};
  part.segment = segment;
  return part;
}

void AddTemplates(int32_t bos, int32_t eos, TokenizerSpec& spec) {
  TemplatePart second;
  second.kind = TemplatePart::Kind::kSecond;
  second.segment = 1;
  spec.single = {Special(bos, 0), TemplatePart(), Special(eos, 0)};
  spec.pair = spec.single;
  spec.pair.push_back(std::move(second));
  spec.pair.push_back(Special(eos, 1));
}

}  // namespace

absl::StatusOr<TokenizerSpec> WordPieceSpec(const Vocabulary& v) {
  if (v.unknown < 0 || v.bos < 0 || v.eos < 0) {
    return message::Wrong("[vocabulary] unknown, beginning and end ids, got ", v.unknown, ", ",
                          v.bos, " and ", v.eos, ", expected one of each for WordPiece");
  }
  TokenizerSpec spec;
  ModelSpec& model = spec.model;
  model.kind = ModelSpec::Kind::kWordPiece;
  model.continuing_prefix = "##";
  bool cased = false;
  for (size_t i = 0; i < v.pieces.size(); ++i) {
    const std::string& piece = v.pieces[i];
    const PieceType type = v.types.empty() ? PieceType::kNormal : v.types[i];
    if (type != PieceType::kNormal) {
      model.pieces.push_back(piece);
    } else if (piece.starts_with(kEscapedSpace)) {
      model.pieces.push_back(piece.substr(kEscapedSpace.size()));
      cased |= HasCapital(piece);
    } else {
      model.pieces.push_back(absl::StrCat(model.continuing_prefix, piece));
    }
    if (type != PieceType::kControl && type != PieceType::kUserDefined) continue;
    AddedTokenSpec token;
    token.id = static_cast<int32_t>(i);
    token.text = piece;
    token.special = type == PieceType::kControl;
    spec.added_tokens.push_back(std::move(token));
  }
  model.unknown_id = v.unknown;
  model.unknown = model.pieces[static_cast<size_t>(v.unknown)];
  NormalizerSpec normalizer;
  normalizer.kind = NormalizerSpec::Kind::kBert;
  normalizer.lowercase = v.lowercase.value_or(!cased);
  normalizer.strip_accents = v.strip_accents.value_or(normalizer.lowercase);
  spec.normalizers.push_back(std::move(normalizer));
  spec.pre_tokenizers.emplace_back().kind = PreTokenizerSpec::Kind::kBert;
  PieceDecoderSpec decoder;
  decoder.kind = PieceDecoderSpec::Kind::kWordPiece;
  decoder.text = model.continuing_prefix;
  spec.decoders.push_back(std::move(decoder));
  AddTemplates(v.bos, v.eos, spec);
  spec.bos = v.bos;
  spec.eos = v.eos;
  spec.padding = v.padding;
  spec.end_of_generation = v.end_of_generation;
  return spec;
}

}  // namespace erato
