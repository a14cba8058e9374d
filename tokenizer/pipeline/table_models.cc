// Models that only look up: whole words (WordLevel), and the longest piece again and again
// (WordPiece, Wu et al. 2016, as BERT has it).
#include <utility>

#include "tokenizer/message.h"
#include "tokenizer/piece_trie.h"
#include "tokenizer/pipeline/word_model.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/text_map.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

// The unknown piece's id, or -1.
int32_t FindUnknown(const ModelSpec& spec) {
  for (size_t id = 0; id < spec.pieces.size(); ++id) {
    if (!spec.unknown.empty() && spec.pieces[id] == spec.unknown) return static_cast<int32_t>(id);
  }
  return -1;
}

absl::Status NoUnknown(const ModelSpec& spec) {
  return message::Wrong("[tokenizer model] unk_token, got ", message::Quoted(spec.unknown),
                        ", expected a piece of the vocabulary");
}

class WordLevel final : public WordModel {
 public:
  WordLevel(const Vocabulary& v, size_t pieces, int32_t unknown) : unknown_(unknown) {
    ids_.reserve(pieces);
    for (size_t id = 0; id < pieces; ++id) {
      const auto known = static_cast<int32_t>(id);
      if (!NeedsTrust(v, known)) ids_.try_emplace(TextKey(v.pieces[id]), known);
    }
  }
  void Encode(std::string_view word, EncodeScratch&, std::vector<WordToken>& out) const override {
    const auto found = ids_.find(TextKey(word));
    out.push_back({found == ids_.end() ? unknown_ : found->second, 0, word.size()});
  }

 private:
  const int32_t unknown_;
  TextMap<int32_t> ids_;
};

class WordPiece final : public WordModel {
 public:
  WordPiece(const ModelSpec& spec, const Vocabulary& v, int32_t unknown)
      : unknown_(unknown), max_letters_(static_cast<size_t>(spec.max_word_letters)) {
    std::vector<PieceTrie::Entry> first, next;
    for (size_t i = 0; i < spec.pieces.size(); ++i) {
      const auto id = static_cast<int32_t>(i);
      if (NeedsTrust(v, id)) continue;
      const std::string_view piece = v.pieces[i];
      first.push_back({piece, id});
      if (piece.starts_with(spec.continuing_prefix)) {
        next.push_back({piece.substr(spec.continuing_prefix.size()), id});
      }
    }
    first_ = PieceTrie(std::move(first));
    next_ = PieceTrie(std::move(next));
  }

  void Encode(std::string_view word, EncodeScratch&, std::vector<WordToken>& out) const override {
    const size_t before = out.size();
    if (IsShort(word)) {
      size_t at = 0;
      while (at < word.size()) {
        const PieceTrie::Match match = (at == 0 ? first_ : next_).Longest(word, at);
        if (match.id < 0) break;
        out.push_back({match.id, at, at + match.bytes});
        at += match.bytes;
      }
      if (at == word.size()) return;
    }
    out.resize(before);
    out.push_back({unknown_, 0, word.size()});
  }

 private:
  bool IsShort(std::string_view word) const {
    if (word.size() <= max_letters_) return true;
    size_t letters = 0;
    for (size_t at = 0; at < word.size() && letters <= max_letters_; ++letters) {
      at += DecodeCodePoint(word, at).bytes;
    }
    return letters <= max_letters_;
  }

  const int32_t unknown_;
  const size_t max_letters_;
  PieceTrie first_, next_;  // pieces that begin a word, and pieces that go on
};

}  // namespace

absl::StatusOr<std::unique_ptr<const WordModel>> NewWordPieceModel(const ModelSpec& spec,
                                                                   const Vocabulary& v) {
  const int32_t unknown = FindUnknown(spec);
  if (unknown < 0) return NoUnknown(spec);
  constexpr int32_t kMostLetters = 100000;
  if (spec.max_word_letters < 1 || spec.max_word_letters > kMostLetters) {
    return message::Wrong("[tokenizer model] max_input_chars_per_word, got ", spec.max_word_letters,
                          ", expected 1 to ", kMostLetters);
  }
  return std::make_unique<WordPiece>(spec, v, unknown);
}

absl::StatusOr<std::unique_ptr<const WordModel>> NewWordLevelModel(const ModelSpec& spec,
                                                                   const Vocabulary& v) {
  const int32_t unknown = FindUnknown(spec);
  if (unknown < 0) return NoUnknown(spec);
  return std::make_unique<WordLevel>(v, spec.pieces.size(), unknown);
}

absl::StatusOr<std::unique_ptr<const WordModel>> NewWordModel(const ModelSpec& spec,
                                                              const Vocabulary& vocabulary) {
  switch (spec.kind) {
    case ModelSpec::Kind::kBpe:
      return NewBpeModel(spec, vocabulary);
    case ModelSpec::Kind::kUnigram:
      return NewUnigramModel(spec, vocabulary);
    case ModelSpec::Kind::kWordPiece:
      return NewWordPieceModel(spec, vocabulary);
    case ModelSpec::Kind::kWordLevel:
      break;
  }
  return NewWordLevelModel(spec, vocabulary);
}

}  // namespace erato
