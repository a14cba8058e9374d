#include "tokenizer/pipeline/decode.h"

#include <utility>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/message.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

using Kind = PieceDecoderSpec::Kind;

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  if (from.empty() || text.find(from) == std::string::npos) return;
  std::string made;
  size_t at = 0;
  for (size_t found; (found = text.find(from, at)) != std::string::npos;) {
    made.append(text, at, found - at).append(to);
    at = found + from.size();
  }
  text = made.append(text, at);
}

// "Clean up tokenization" of Hugging Face tokenizers: English punctuation and contractions.
void CleanUp(std::string& text) {
  static constexpr std::pair<std::string_view, std::string_view> kRules[] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},     {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},   {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  for (const auto& [from, to] : kRules) ReplaceAll(text, from, to);
}

void Strip(std::string& text, const PieceDecoderSpec& step) {
  const std::string_view letter = step.text;
  size_t begin = 0, end = text.size();
  for (int32_t i = 0; i < step.start; ++i) {
    if (!std::string_view(text).substr(begin, end - begin).starts_with(letter)) break;
    begin += letter.size();
  }
  for (int32_t i = 0; i < step.stop; ++i) {
    if (!std::string_view(text).substr(begin, end - begin).ends_with(letter)) break;
    end -= letter.size();
  }
  text = text.substr(begin, end - begin);
}

void Apply(const PieceDecoderSpec& step, std::string& text) {
  switch (step.kind) {
    case Kind::kByteLevel: {
      std::string bytes;
      if (AppendSpeltBytes(text, bytes)) text = std::move(bytes);
      break;
    }
    case Kind::kWordPiece:
      if (text.starts_with(step.text)) {
        text.erase(0, step.text.size());
      } else {
        text.insert(size_t{0}, size_t{1}, ' ');
      }
      if (step.cleanup) CleanUp(text);
      break;
    case Kind::kMetaspace:
      ReplaceAll(text, step.text, " ");
      break;
    case Kind::kByteFallback:
      if (const auto byte = ParseBytePiece(text)) text.assign(1, static_cast<char>(*byte));
      break;
    case Kind::kFuse:
      break;
    case Kind::kStrip:
      Strip(text, step);
      break;
    case Kind::kReplace:
      ReplaceAll(text, step.text, step.content);
      break;
    case Kind::kBpe:
      ReplaceAll(text, step.text, " ");
      break;
    case Kind::kJoin:
      text.insert(size_t{0}, size_t{1}, ' ');
      break;
  }
}

}  // namespace

absl::StatusOr<PieceDecoder> PieceDecoder::Create(const std::vector<PieceDecoderSpec>& specs) {
  PieceDecoder decoder;
  bool fused = false;
  for (const PieceDecoderSpec& spec : specs) {
    if (spec.kind == Kind::kFuse) fused = true;
    if (spec.kind == Kind::kByteLevel) decoder.spells_bytes_ = true;
    if (spec.kind == Kind::kMetaspace && spec.first_bare) decoder.begin_spaces_ = 1;
    if (spec.kind == Kind::kWordPiece || spec.kind == Kind::kJoin) decoder.begin_spaces_ = 1;
    if (spec.kind == Kind::kBpe) decoder.drops_last_space_ = true;
    if (spec.kind != Kind::kStrip || !fused) {
      decoder.steps_.push_back(spec);
      continue;
    }
    // Of the text as a whole.
    if (spec.text != " " || spec.stop != 0 || spec.start < 0) {
      return absl::UnimplementedError(
          absl::StrCat("[tokenizer decoder] Strip, got ", message::Quoted(spec.text),
                       " from the end, expected ", "spaces from the begin of a text"));
    }
    decoder.begin_spaces_ = static_cast<size_t>(spec.start);
  }
  return decoder;
}

bool PieceDecoder::Decode(std::string_view piece, std::string& text) const {
  text.assign(piece);
  if (piece.empty()) return true;
  for (const PieceDecoderSpec& step : steps_) {
    Apply(step, text);
    if (text.size() > piece.size() * 64 + 1024) return false;
  }
  return true;
}

}  // namespace erato
