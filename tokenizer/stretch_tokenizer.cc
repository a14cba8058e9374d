#include "tokenizer/stretch_tokenizer.h"

#include "tokenizer/message.h"
#include "tokenizer/space_escape.h"
#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

constexpr size_t kMostTextBytes = size_t{1} << 30;  // positions are 32-bit

}  // namespace

absl::StatusOr<std::vector<int32_t>> StretchTokenizer::Encode(absl::Span<const TextSpan> spans,
                                                              const EncodeOptions& options) const {
  size_t bytes = 0;
  for (const TextSpan& span : spans) {
    if (span.text.size() > kMostTextBytes - bytes) {
      return message::Wrong("[tokenizer] text, got more than ", kMostTextBytes,
                            " bytes, expected no more");
    }
    bytes += span.text.size();
  }
  std::string joined;
  std::vector<Trusted> trusted;
  std::string_view text = spans.empty() ? std::string_view() : spans[0].text;
  if (spans.size() > 1) joined.reserve(bytes);
  size_t at = 0;
  for (const TextSpan& span : spans) {
    if (spans.size() > 1) joined.append(span.text);
    const size_t begin = at;
    at += span.text.size();
    if (!span.trusted || span.text.empty()) continue;
    if (!trusted.empty() && trusted.back().end == begin) {
      trusted.back().end = at;
    } else {
      trusted.push_back({begin, at});
    }
  }
  if (spans.size() > 1) text = joined;
  if (const size_t bad = FindInvalidUtf8(text); bad != std::string_view::npos) {
    const absl::Hex byte(static_cast<unsigned char>(text[bad]), absl::kZeroPad2);
    return message::Wrong("[tokenizer] text, got byte 0x", byte, " at offset ", bad,
                          ", expected UTF-8");
  }
  std::vector<int32_t> ids;
  EncodeText(text, trusted, ids);
  if (options.add_special) AddBosAndEos(ids);
  return ids;
}

void StretchTokenizer::EncodeText(std::string_view text, absl::Span<const Trusted> trusted,
                                  std::vector<int32_t>& out) const {
  Scratch scratch;
  size_t stretch_begin = 0;
  auto end_stretch = [&](size_t end) {
    if (end > stretch_begin)
      EncodeStretch(text.substr(stretch_begin, end - stretch_begin), scratch, out);
  };
  size_t span = 0;  // the first trusted one that does not end before `at`
  for (size_t at = 0; at < text.size();) {
    if (!special_pieces_.MayBeginWith(text[at])) {
      ++at;
      continue;
    }
    while (span < trusted.size() && trusted[span].end <= at) ++span;
    const bool is_trusted = span < trusted.size() && trusted[span].begin <= at;
    const SpecialPieces::Match match =
        special_pieces_.At(text, at, is_trusted ? trusted[span].end : at);
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
      if (vocabulary_.kind == Vocabulary::Kind::kSentencePieceBpe) {
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
