#include "tokenizer/sentencepiece_bpe.h"

#include <algorithm>

#include "tokenizer/space_escape.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

// The next U+2581 after the one (or none) at `at` that follows something else.
size_t NextWord(std::string_view text, size_t at) {
  while (text.substr(at, kEscapedSpace.size()) == kEscapedSpace) at += kEscapedSpace.size();
  return std::min(text.find(kEscapedSpace, at), text.size());
}

}  // namespace

SentencePieceBpe::SentencePieceBpe(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {
  RankPieces();
}

void SentencePieceBpe::RankPieces() {
  const std::vector<std::string>& pieces = vocabulary_.pieces;
  const std::vector<float>& scores = vocabulary_.scores;
  const auto is_normal = [&](int32_t id) {
    return vocabulary_.types.empty() || vocabulary_.types[id] == Vocabulary::PieceType::kNormal;
  };
  std::vector<int32_t> spaces, order;
  order.reserve(pieces.size());
  for (int32_t id = 0; id < static_cast<int32_t>(pieces.size()); ++id) {
    if (IsSpaceRun(vocabulary_, id)) {
      spaces.push_back(id);
    } else if (is_normal(id) && !pieces[id].empty()) {
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

bool SentencePieceBpe::MergeWord(std::string_view word, EncodeScratch& scratch) const {
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
  return std::all_of(symbols.begin(), symbols.end(),
                     [](const bpe::Symbol& symbol) { return symbol.id >= 0; });
}

}  // namespace erato
