#include "tokenizer/stretch_tokenizer.h"

#include "tokenizer/space_escape.h"

namespace erato {
absl::StatusOr<std::vector<int32_t>> StretchTokenizer::Encode(absl::Span<const TextSpan> spans,
                                                              const EncodeOptions& options) const {
  JoinedText joined;
  if (absl::Status status = joined.Read(spans); !status.ok()) return status;
  std::vector<int32_t> ids;
  EncodeText(joined, ids);
  if (options.add_special) AddBosAndEos(ids);
  return ids;
}

void StretchTokenizer::EncodeText(const JoinedText& joined, std::vector<int32_t>& out) const {
  const std::string_view text = joined.text();
  Scratch scratch;
  size_t stretch_begin = 0;
  auto end_stretch = [&](size_t end) {
    if (end > stretch_begin)
      EncodeStretch(text.substr(stretch_begin, end - stretch_begin), scratch, out);
  };
  TrustCursor trust(joined.trusted());
  for (size_t at = 0; at < text.size();) {
    if (!special_pieces_.MayBeginWith(text[at])) {
      ++at;
      continue;
    }
    const SpecialPieces::Match match = special_pieces_.At(text, at, trust.EndAt(at));
    if (match.id < 0) {
      ++at;
      continue;
    }
    end_stretch(at);
    out.push_back(match.id);
    at += match.bytes;
    stretch_begin = at;
  }
  end_stretch(text.size());
}

void StretchTokenizer::AddBosAndEos(std::vector<int32_t>& ids) const {
  const Vocabulary& v = vocabulary_;
  if (v.add_bos && (ids.empty() || ids.front() != v.bos)) ids.insert(ids.begin(), v.bos);
  if (v.add_eos && (ids.empty() || ids.back() != v.eos)) ids.push_back(v.eos);
}

void StretchTokenizer::AppendBytes(int32_t id, bool special, std::string& out) const {
  if (id < 0 || id >= size()) return;
  switch (TypeOf(id)) {
    case Vocabulary::PieceType::kControl:
    case Vocabulary::PieceType::kUnknown:
    case Vocabulary::PieceType::kUnused:
      if (special) out.append(vocabulary_.pieces[id]);
      return;
    case Vocabulary::PieceType::kUserDefined:
      if (vocabulary_.kind != Vocabulary::Kind::kByteBpe) {
        AppendUnescaped(vocabulary_.pieces[id], out);
      } else {
        out.append(vocabulary_.pieces[id]);
      }
      return;
    default:
      AppendPiece(id, out);
  }
}

}  // namespace erato
