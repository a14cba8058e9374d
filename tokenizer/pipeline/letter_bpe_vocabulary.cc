#include "tokenizer/pipeline/letter_bpe_vocabulary.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "tokenizer/message.h"
#include "tokenizer/space_escape.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

absl::Status ReadMerges(const Vocabulary& v, ModelSpec& model) {
  model.merges.reserve(v.merges.size());
  for (size_t rank = 0; rank < v.merges.size(); ++rank) {
    const std::vector<std::string> parts = absl::StrSplit(v.merges[rank], ' ');
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return message::Wrong("[vocabulary] merge ", rank, ", got ", message::Quoted(v.merges[rank]),
                            ", expected two pieces and a space between them");
    }
    model.merges.emplace_back(parts[0], parts[1]);
  }
  return absl::OkStatus();
}

void AddTokens(const Vocabulary& v, TokenizerSpec& spec) {
  for (size_t id = 0; id < v.types.size(); ++id) {
    const PieceType type = v.types[id];
    if (type != PieceType::kControl && type != PieceType::kUserDefined) continue;
    AddedTokenSpec token;
    token.id = static_cast<int32_t>(id);
    token.text = v.pieces[id];
    token.special = type == PieceType::kControl;
    spec.added_tokens.push_back(std::move(token));
  }
}

void AddSpaceSteps(TokenizerSpec& spec) {
  NormalizerSpec escape;
  escape.kind = NormalizerSpec::Kind::kReplace;
  escape.pattern.text.assign(1, ' ');
  escape.text = kEscapedSpace;
  spec.normalizers.push_back(std::move(escape));
  PieceDecoderSpec unescape;
  unescape.kind = PieceDecoderSpec::Kind::kReplace;
  unescape.text = kEscapedSpace;
  unescape.content.assign(1, ' ');
  spec.decoders.push_back(std::move(unescape));
  spec.decoders.emplace_back().kind = PieceDecoderSpec::Kind::kByteFallback;
}

void AddEnds(const Vocabulary& v, TokenizerSpec& spec) {
  const auto special = [](int32_t id) {
    TemplatePart part;
    part.kind = TemplatePart::Kind::kSpecial;
    part.ids = {id};
    return part;
  };
  if (v.add_bos) spec.single.push_back(special(v.bos));
  spec.single.emplace_back();
  if (v.add_eos) spec.single.push_back(special(v.eos));
  spec.bos = v.bos;
  spec.eos = v.eos;
  spec.padding = v.padding;
  spec.end_of_generation = v.end_of_generation;
}

}  // namespace

absl::StatusOr<TokenizerSpec> LetterBpeSpec(const Vocabulary& v) {
  TokenizerSpec spec;
  spec.model.pieces = v.pieces;
  spec.model.byte_fallback = spec.model.fuse_unknown = true;
  if (v.unknown >= 0) {
    spec.model.unknown_id = v.unknown;
    spec.model.unknown = v.pieces[static_cast<size_t>(v.unknown)];
  }
  if (absl::Status status = ReadMerges(v, spec.model); !status.ok()) return status;
  AddTokens(v, spec);
  if (v.pre_tokenizer == "whitespace") {
    spec.pre_tokenizers.emplace_back();
    spec.decoders.emplace_back().kind = PieceDecoderSpec::Kind::kJoin;
    spec.model.fuse_unknown = false;
  } else {
    AddSpaceSteps(spec);
  }
  if (v.lowercase.value_or(false)) {
    spec.normalizers.emplace_back().kind = NormalizerSpec::Kind::kLowercase;
  }
  AddEnds(v, spec);
  return spec;
}

}  // namespace erato
