// The unigram model (Kudo 2018): of all ways to write a text as pieces, the one with the highest
// sum of their log probabilities, found by Viterbi's algorithm over the bytes.
//
// Sums add up from left to right, in the arithmetic of whoever published the model, because ties
// and roundings decide: SentencePiece keeps sums as floats over a whole text and compares them with
// doubles, Hugging Face tokenizers has doubles over a word. Nodes behind a place that no piece
// spans are settled and given out there, so that memory follows the longest chain of overlapping
// pieces and not the text.
#ifndef ERATO_TOKENIZER_UNIGRAM_H_
#define ERATO_TOKENIZER_UNIGRAM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/piece_trie.h"
#include "tokenizer/utf8.h"

namespace erato {

/// What a letter that no piece covers costs below the worst piece (SentencePiece's kUnkPenalty).
inline constexpr double kUnknownPenalty = 10.0;

template <typename Score>
class Unigram {
 public:
  Unigram() = default;
  Unigram(std::vector<PieceTrie::Entry> entries, Score unknown_score)
      : trie_(std::move(entries)), unknown_score_(unknown_score) {}

  /// Calls emit(begin, end, id) for the pieces of well-formed `text`, in order; id -1 is a letter
  /// that none covers. `score_of(id, bytes)` gives a piece's score as a double.
  template <typename ScoreOf, typename Emit>
  void Encode(std::string_view text, const ScoreOf& score_of, const Emit& emit) const {
    std::vector<Node> nodes(1);
    std::vector<size_t> path;  // ends, last first
    size_t base = 0;           // where nodes[0] lies
    size_t reach = 0;          // the furthest end of a piece so far
    for (size_t at = 0; at < text.size();) {
      if (reach == at && at > base) {  // nothing spans this place
        EmitPath(nodes, base, at, path, emit);
        const Score sum = nodes[at - base].sum;
        nodes.assign(1, Node{.sum = sum});
        base = at;
      }
      const Score here = nodes[at - base].sum;
      const size_t letter_end = at + DecodeCodePoint(text, at).bytes;
      bool has_letter = false;
      const auto offer = [&](size_t end, int32_t id, double sum) {
        if (nodes.size() <= end - base) nodes.resize(end - base + 1);
        reach = std::max(reach, end);
        Node& node = nodes[end - base];
        if (node.begin == kNone || sum > node.sum) node = {static_cast<Score>(sum), at, id};
        has_letter |= end == letter_end;
      };
      trie_.ForEachAt(
          text, at, [&](size_t end, int32_t id) { offer(end, id, score_of(id, end - at) + here); });
      if (!has_letter) offer(letter_end, -1, static_cast<Score>(unknown_score_ + here));
      at = letter_end;
    }
    EmitPath(nodes, base, text.size(), path, emit);
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  struct Node {
    Score sum = 0;
    size_t begin = kNone;
    int32_t id = -1;
  };

  template <typename Emit>
  static void EmitPath(const std::vector<Node>& nodes, size_t base, size_t end,
                       std::vector<size_t>& path, const Emit& emit) {
    path.clear();
    for (size_t at = end; at > base; at = nodes[at - base].begin) path.push_back(at);
    for (; !path.empty(); path.pop_back()) {
      const Node& node = nodes[path.back() - base];
      emit(node.begin, path.back(), node.id);
    }
  }

  PieceTrie trie_;
  Score unknown_score_ = 0;
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_UNIGRAM_H_
