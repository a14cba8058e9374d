#include "tokenizer/sentencepiece_bpe.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/memory/memory.h"
#include "tokenizer/space_escape.h"
#include "tokenizer/utf8.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

// The next U+2581 after the one (or none) at `at` that follows something else.
size_t NextWord(std::string_view text, size_t at) {
  while (text.substr(at, kEscapedSpace.size()) == kEscapedSpace) at += kEscapedSpace.size();
  return std::min(text.find(kEscapedSpace, at), text.size());
}

// SentencePiece's remove_extra_whitespaces: none at the ends, one between words.
std::string WithoutExtraSpaces(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(c);
  }
  while (out.ends_with(' ') || out.ends_with(kEscapedSpace)) {
    out.resize(out.size() - (out.back() == ' ' ? 1 : kEscapedSpace.size()));
  }
  return out;
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> SentencePieceBpe::Create(Vocabulary vocabulary) {
  return absl::WrapUnique(new SentencePieceBpe(std::move(vocabulary)));
}

SentencePieceBpe::SentencePieceBpe(Vocabulary vocabulary)
    : StretchTokenizer(std::move(vocabulary)) {
  byte_ids_.fill(-1);
  for (int32_t id = size() - 1; id >= 0; --id) {  // downwards: the lowest id of a byte stays
    if (TypeOf(id) != Vocabulary::PieceType::kByte) continue;
    if (const std::optional<unsigned char> byte = ParseBytePiece(this->vocabulary().pieces[id])) {
      byte_ids_[*byte] = id;
      has_bytes_ = true;
    }
  }
  RankPieces();
}

void SentencePieceBpe::RankPieces() {
  const std::vector<std::string>& pieces = vocabulary().pieces;
  const std::vector<float>& scores = vocabulary().scores;
  std::vector<int32_t> spaces, order;
  order.reserve(pieces.size());
  for (int32_t id = 0; id < size(); ++id) {
    if (IsSpaceRun(vocabulary(), id)) {
      spaces.push_back(id);
    } else if (TypeOf(id) == Vocabulary::PieceType::kNormal && !pieces[id].empty()) {
      order.push_back(id);
    }
  }
  pieces_.reserve(spaces.size() + order.size());
  auto add = [&](std::string_view text, int32_t rank, int32_t id) {
    const auto [place, is_new] = pieces_.try_emplace(TextKey(text), bpe::Pair{rank, id});
    if (!is_new && id < place->second.id) place->second = bpe::Pair{rank, id};
    most_bytes_ = std::max(most_bytes_, text.size());
    NoteGlue(text);
  };
  int32_t rank = 0;
  space_runs_.resize(spaces.size());
  for (size_t i = 0; i < spaces.size(); ++i) {
    AppendEscaped(pieces[spaces[i]], space_runs_[i]);
    add(space_runs_[i], rank++, spaces[i]);
  }
  const auto better = [&](int32_t a, int32_t b) { return scores[a] > scores[b]; };
  if (!std::is_sorted(order.begin(), order.end(), better)) {
    std::stable_sort(order.begin(), order.end(), better);
  }
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && scores[order[i]] != scores[order[i - 1]]) ++rank;
    add(pieces[order[i]], rank, order[i]);
  }
}

void SentencePieceBpe::NoteGlue(std::string_view piece) {
  for (size_t at = NextWord(piece, 0); at < piece.size(); at = NextWord(piece, at)) {
    glue_.set(static_cast<unsigned char>(piece[at - 1]));
  }
}

size_t SentencePieceBpe::WordEnd(std::string_view text, size_t begin) const {
  size_t at = NextWord(text, begin);
  while (at < text.size() && glue_[static_cast<unsigned char>(text[at - 1])])
    at = NextWord(text, at);
  return at;
}

void SentencePieceBpe::EncodeStretch(std::string_view stretch, Scratch& scratch,
                                     std::vector<int32_t>& out) const {
  std::string tidy;
  if (vocabulary().remove_extra_whitespace) stretch = tidy = WithoutExtraSpaces(stretch);
  if (stretch.empty()) return;
  std::string& text = scratch.text;
  text = vocabulary().add_space_prefix ? kEscapedSpace : "";
  AppendEscaped(stretch, text);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = WordEnd(text, begin);
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    begin = end;
    if (scratch.words.Append(word, out)) continue;
    const size_t before = out.size();
    EncodeWord(word, scratch, out);
    scratch.words.Add(word, absl::MakeConstSpan(out).subspan(before));
  }
}

void SentencePieceBpe::EncodeWord(std::string_view word, Scratch& scratch,
                                  std::vector<int32_t>& out) const {
  auto find = [&](int32_t begin, int32_t end) {
    if (static_cast<size_t>(end - begin) > most_bytes_) return bpe::Pair{};
    const auto found = pieces_.find(TextKey(word.substr(begin, end - begin)));
    return found == pieces_.end() ? bpe::Pair{} : found->second;
  };
  std::vector<bpe::Symbol>& symbols = scratch.symbols;
  symbols.clear();
  for (size_t at = 0; at < word.size();) {
    const size_t bytes = DecodeCodePoint(word, at).bytes;
    const int32_t begin = static_cast<int32_t>(at);
    at += bytes;
    symbols.push_back({.begin = begin, .id = find(begin, static_cast<int32_t>(at)).id});
  }
  const int32_t word_end = static_cast<int32_t>(word.size());
  bpe::Merge(symbols, word_end,
             [&](const bpe::Symbol& left, const bpe::Symbol& right, int32_t end) {
               if (left.id < 0 || right.id < 0) return find(left.begin, end);
               return scratch.pairs.Get(left.id, right.id, [&] { return find(left.begin, end); });
             });
  for (size_t i = 0; i < symbols.size(); ++i) {
    const int32_t end = i + 1 < symbols.size() ? symbols[i + 1].begin : word_end;
    if (symbols[i].id >= 0) {
      out.push_back(symbols[i].id);
    } else {
      AppendUnknown(word.substr(symbols[i].begin, end - symbols[i].begin), out);
    }
  }
}

void SentencePieceBpe::AppendUnknown(std::string_view bytes, std::vector<int32_t>& out) const {
  if (has_bytes_) {
    for (char c : bytes) out.push_back(byte_ids_[static_cast<unsigned char>(c)]);
  } else if (out.empty() || out.back() != vocabulary().unknown) {  // one for a run of them
    out.push_back(vocabulary().unknown);
  }
}

void SentencePieceBpe::AppendPiece(int32_t id, std::string& out) const {
  const std::string& piece = vocabulary().pieces[id];
  if (TypeOf(id) == Vocabulary::PieceType::kByte) {
    if (const std::optional<unsigned char> byte = ParseBytePiece(piece))
      out.push_back(static_cast<char>(*byte));
    return;
  }
  AppendUnescaped(piece, out);
}

}  // namespace erato
