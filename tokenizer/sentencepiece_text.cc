#include "tokenizer/sentencepiece_text.h"

#include <utility>

#include "tokenizer/space_escape.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/utf8.h"

namespace erato {

absl::StatusOr<SentencePieceText> SentencePieceText::Create(const Vocabulary& v) {
  SentencePieceText made;
  auto charsmap = Charsmap::Parse(v.charsmap);
  if (!charsmap.ok()) return charsmap.status();
  made.charsmap_ = *std::move(charsmap);
  made.prefix_ = v.add_space_prefix && !v.space_suffix;
  made.suffix_ = v.add_space_prefix && v.space_suffix;
  made.tidy_ = v.remove_extra_whitespace;
  made.escape_ = v.escape_spaces;
  if (!v.inner_symbols) return made;
  std::vector<PieceTrie::Entry> symbols;
  for (size_t id = 0; id < v.types.size(); ++id) {
    if (v.types[id] != Vocabulary::PieceType::kUserDefined) continue;
    const int32_t known = static_cast<int32_t>(id);
    if (!NeedsTrust(v, known)) symbols.push_back({v.pieces[id], known});
  }
  made.symbols_ = PieceTrie(std::move(symbols));
  return made;
}

std::string_view SentencePieceText::Space() const { return escape_ ? kEscapedSpace : " "; }

SentencePieceText::Step SentencePieceText::NextStep(std::string_view text, size_t at) const {
  if (!symbols_.empty()) {
    const PieceTrie::Match symbol = symbols_.Longest(text, at);
    if (symbol.id >= 0) return {symbol.bytes, text.substr(at, symbol.bytes)};
  }
  if (const Charsmap::Match rule = charsmap_.Longest(text, at); rule.bytes > 0) {
    // A rule may end inside a letter only in a broken file: then the letter stays.
    const size_t end = at + rule.bytes;
    if (end == text.size() || (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80) {
      return {rule.bytes, rule.text};
    }
  }
  const size_t bytes = DecodeCodePoint(text, at).bytes;
  return {bytes, text.substr(at, bytes)};
}

void SentencePieceText::Prepare(std::string_view text, std::string& out) const {
  out.clear();
  size_t at = 0;
  while (tidy_ && at < text.size()) {
    const Step step = NextStep(text, at);
    if (step.text != " ") break;
    at += step.bytes;
  }
  if (at == text.size()) return;
  out.reserve(text.size() + text.size() / 4 + 3);
  if (prefix_) out.append(Space());
  bool after_space = tidy_;
  while (at < text.size()) {
    Step step = NextStep(text, at);
    at += step.bytes;
    while (after_space && step.text.starts_with(' ')) step.text.remove_prefix(1);
    if (step.text.empty()) continue;
    if (escape_) {
      AppendEscaped(step.text, out);
    } else {
      out.append(step.text);
    }
    after_space = tidy_ && step.text.ends_with(' ');
  }
  while (tidy_ && out.ends_with(Space())) out.erase(out.size() - Space().size());
  if (suffix_) out.append(Space());
}

}  // namespace erato
