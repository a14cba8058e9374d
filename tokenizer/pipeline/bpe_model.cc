// BPE over the letters of a word (Sennrich et al. 2016), as Hugging Face tokenizers has it: letters
// may carry a prefix when they do not begin the word and a suffix when they end it; what the
// vocabulary does not have becomes bytes, the unknown piece, or nothing.
#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>
#include <utility>

#include "tokenizer/message.h"
#include "tokenizer/pipeline/word_model.h"
#include "tokenizer/space_escape.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/text_map.h"
#include "tokenizer/utf8.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

uint64_t PairKey(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

class BpeModel final : public WordModel {
 public:
  BpeModel(const ModelSpec& spec, const Vocabulary& v)
      : vocabulary_(v),
        prefix_(spec.continuing_prefix),
        suffix_(spec.word_suffix),
        fuse_unknown_(spec.fuse_unknown),
        whole_words_(spec.ignore_merges) {
    byte_ids_.fill(-1);
    ids_.reserve(spec.pieces.size());
    for (size_t i = 0; i < spec.pieces.size(); ++i) {
      if (v.pieces[i].empty()) continue;
      const auto id = static_cast<int32_t>(i);
      ids_.try_emplace(TextKey(v.pieces[i]), id);
      if (const auto byte = ParseBytePiece(v.pieces[i])) byte_ids_[*byte] = id;
    }
    byte_fallback_ = spec.byte_fallback;
    if (const auto found = ids_.find(spec.unknown); found != ids_.end()) unknown_ = found->second;
    const auto space = ids_.find(TextKey(kEscapedSpace));
    parts_ = prefix_.empty() && suffix_.empty() && !whole_words_ && space != ids_.end() &&
             !NeedsTrust(v, space->second);
  }

  absl::Status ReadMerges(const ModelSpec& spec);

  void Encode(std::string_view word, EncodeScratch& scratch,
              std::vector<WordToken>& out) const override {
    if (whole_words_) {
      if (const int32_t id = Find(word); id >= 0) {
        out.push_back({id, 0, word.size()});
        return;
      }
    }
    std::vector<bpe::Symbol>& symbols = scratch.symbols;
    ReadLetters(word, symbols);
    const auto word_end = static_cast<int32_t>(word.size());
    bpe::Merge(symbols, word_end, [&](const bpe::Symbol& left, const bpe::Symbol& right, int32_t) {
      return scratch.pairs.Get(left.id, right.id, [&] {
        const auto found = merges_.find(PairKey(left.id, right.id));
        return found == merges_.end() ? bpe::Pair{} : found->second;
      });
    });
    for (size_t i = 0; i < symbols.size(); ++i) {
      const int32_t end = i + 1 < symbols.size() ? symbols[i + 1].begin : word_end;
      out.push_back(
          {symbols[i].id, static_cast<size_t>(symbols[i].begin), static_cast<size_t>(end)});
    }
  }

  // A U+2581 that no merge joins with what is before it begins a part.
  size_t PartEnd(std::string_view word, size_t begin) const override {
    if (!parts_) return word.size();
    size_t at = begin;
    do {
      while (word.substr(at, kEscapedSpace.size()) == kEscapedSpace) at += kEscapedSpace.size();
      at = std::min(word.find(kEscapedSpace, at), word.size());
    } while (at < word.size() && glue_[static_cast<unsigned char>(word[at - 1])]);
    return at;
  }

 private:
  int32_t Find(std::string_view piece) const {
    const auto found = ids_.find(TextKey(piece));
    return found == ids_.end() || NeedsTrust(vocabulary_, found->second) ? -1 : found->second;
  }
  void ReadLetters(std::string_view word, std::vector<bpe::Symbol>& symbols) const;
  bool AppendByteSymbols(std::string_view letter, size_t at,
                         std::vector<bpe::Symbol>& symbols) const;
  void NoteGlue(std::string_view piece) {
    for (size_t at = 1; (at = piece.find(kEscapedSpace, at)) != std::string_view::npos; ++at) {
      if (!piece.substr(0, at).ends_with(kEscapedSpace)) {
        glue_.set(static_cast<unsigned char>(piece[at - 1]));
      }
    }
  }

  const Vocabulary& vocabulary_;
  const std::string prefix_, suffix_;
  const bool fuse_unknown_, whole_words_;
  bool byte_fallback_ = false;
  bool parts_ = false;
  int32_t unknown_ = -1;
  TextMap<int32_t> ids_;  // views of the vocabulary's pieces
  std::array<int32_t, 256> byte_ids_;
  std::unordered_map<uint64_t, bpe::Pair, absl::Hash<uint64_t>> merges_;
  std::bitset<256> glue_;  // bytes that some merge has before an inner U+2581
};

absl::Status BpeModel::ReadMerges(const ModelSpec& spec) {
  merges_.reserve(spec.merges.size());
  std::string whole;
  for (size_t rank = 0; rank < spec.merges.size(); ++rank) {
    const auto& [left, right] = spec.merges[rank];
    const auto left_id = ids_.find(left), right_id = ids_.find(right);
    const bool prefixed = std::string_view(right).starts_with(prefix_);
    whole.assign(left).append(right, prefixed ? prefix_.size() : 0);
    const auto joined = ids_.find(whole);
    if (left_id == ids_.end() || right_id == ids_.end() || joined == ids_.end()) {
      return message::Wrong("[tokenizer model] merge ", rank, ", got ", message::Quoted(left),
                            " and ", message::Quoted(right),
                            ", expected two pieces of the vocabulary whose whole is one too");
    }
    if (NeedsTrust(vocabulary_, joined->second)) continue;
    merges_.insert_or_assign(PairKey(left_id->second, right_id->second),
                             bpe::Pair{static_cast<int32_t>(rank), joined->second});
    NoteGlue(whole);
  }
  return absl::OkStatus();
}

bool BpeModel::AppendByteSymbols(std::string_view letter, size_t at,
                                 std::vector<bpe::Symbol>& symbols) const {
  const auto id = [this](char c) { return byte_ids_[static_cast<unsigned char>(c)]; };
  if (!byte_fallback_) return false;
  if (std::any_of(letter.begin(), letter.end(), [&](char c) { return id(c) < 0; })) return false;
  for (char c : letter) symbols.push_back({.begin = static_cast<int32_t>(at++), .id = id(c)});
  return true;
}

void BpeModel::ReadLetters(std::string_view word, std::vector<bpe::Symbol>& symbols) const {
  symbols.clear();
  std::string dressed;
  bool after_unknown = false;
  for (size_t at = 0; at < word.size();) {
    const size_t bytes = DecodeCodePoint(word, at).bytes;
    std::string_view letter = word.substr(at, bytes);
    const bool first = at == 0, last = at + bytes == word.size();
    if ((!first && !prefix_.empty()) || (last && !suffix_.empty())) {
      dressed.clear();
      if (!first) dressed.append(prefix_);
      dressed.append(letter);
      if (last) dressed.append(suffix_);
      letter = dressed;
    }
    if (const int32_t id = Find(letter); id >= 0) {
      symbols.push_back({.begin = static_cast<int32_t>(at), .id = id});
      after_unknown = false;
    } else if (!AppendByteSymbols(letter, at, symbols) && unknown_ >= 0) {
      if (!(after_unknown && fuse_unknown_)) {
        symbols.push_back({.begin = static_cast<int32_t>(at), .id = unknown_});
      }
      after_unknown = true;
    }
    at += bytes;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<const WordModel>> NewBpeModel(const ModelSpec& spec,
                                                             const Vocabulary& v) {
  constexpr size_t kMostMerges = size_t{1} << 23;
  if (spec.merges.size() > kMostMerges) {
    return message::Wrong("[tokenizer model] merges, got ", spec.merges.size(),
                          ", expected at most ", kMostMerges);
  }
  auto model = std::make_unique<BpeModel>(spec, v);
  if (absl::Status status = model->ReadMerges(spec); !status.ok()) return status;
  return model;
}

}  // namespace erato
