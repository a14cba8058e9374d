#include "tokenizer/byte_bpe.h"

#include <utility>

#include "absl/memory/memory.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/message.h"
#include "tokenizer/nfc.h"

namespace erato {
namespace {

uint64_t PairKey(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

absl::Status WrongMerge(size_t rank, std::string_view merge, const char* expected) {
  return message::Wrong("[vocabulary] merge ", rank, ", got ", message::Quoted(merge),
                        ", expected ", expected);
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Tokenizer>> ByteBpe::Create(Vocabulary vocabulary) {
  absl::StatusOr<const PreTokenizer*> pre_tokenizer = FindPreTokenizer(vocabulary.pre_tokenizer);
  if (!pre_tokenizer.ok()) return pre_tokenizer.status();
  if ((*pre_tokenizer)->rule == nullptr) {
    return message::Wrong("[vocabulary] pre-tokeniser, got ",
                          message::Quoted((*pre_tokenizer)->name), ", expected one over bytes");
  }
  absl::StatusOr<PatternCutter> cutter = PatternCutter();
  if ((*pre_tokenizer)->rule->scanner == nullptr) {
    cutter = PatternCutter::Create((*pre_tokenizer)->rule->patterns);
  }
  if (!cutter.ok()) return cutter.status();
  auto tokenizer =
      absl::WrapUnique(new ByteBpe(std::move(vocabulary), **pre_tokenizer, *std::move(cutter)));
  if (absl::Status status = tokenizer->ReadMerges(); !status.ok()) return status;
  return tokenizer;
}

ByteBpe::ByteBpe(Vocabulary vocabulary, const PreTokenizer& pre_tokenizer, PatternCutter cutter)
    : StretchTokenizer(std::move(vocabulary)),
      pre_tokenizer_(pre_tokenizer),
      cutter_(std::move(cutter)) {
  ids_.reserve(this->vocabulary().pieces.size());
  for (int32_t id = 0; id < size(); ++id) ids_.try_emplace(this->vocabulary().pieces[id], id);
  for (size_t byte = 0; byte < byte_ids_.size(); ++byte) {
    const char c = static_cast<char>(byte);
    const auto found = ids_.find(SpellBytes({&c, 1}));
    byte_ids_[byte] =
        found == ids_.end() || NeedsTrust(this->vocabulary(), found->second) ? -1 : found->second;
  }
}

absl::Status ByteBpe::ReadMerges() {
  const std::vector<std::string>& merges = vocabulary().merges;
  merges_.reserve(merges.size());
  std::string whole;
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const std::string_view merge = merges[rank];
    const size_t space = merge.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == merge.size() ||
        merge.find(' ', space + 1) != std::string_view::npos) {
      return WrongMerge(rank, merge, "two pieces and a space between them");
    }
    whole.assign(merge.substr(0, space)).append(merge.substr(space + 1));
    const auto left = ids_.find(TextKey(merge.substr(0, space))),
               right = ids_.find(TextKey(merge.substr(space + 1)));
    const auto joined = ids_.find(whole);
    if (left == ids_.end() || right == ids_.end() || joined == ids_.end()) {
      return WrongMerge(rank, merge, "two pieces of the vocabulary whose whole is one too");
    }
    // Merging is for any text: it must not lead to what only trusted text may say.
    if (NeedsTrust(vocabulary(), joined->second)) continue;
    merges_.try_emplace(PairKey(left->second, right->second),
                        bpe::Pair{static_cast<int32_t>(rank), joined->second});
  }
  return absl::OkStatus();
}

void ByteBpe::EncodeStretch(std::string_view stretch, Scratch& scratch,
                            std::vector<int32_t>& out) const {
  if (pre_tokenizer_.nfc) {
    scratch.text = NormalizeNfc(stretch);
    stretch = scratch.text;
  }
  if (const WordEnd word_end = pre_tokenizer_.rule->scanner) {
    for (size_t begin = 0; begin < stretch.size();) {
      const size_t end = word_end(stretch, begin);
      EncodeKnownWord(stretch.substr(begin, end - begin), scratch, out);
      begin = end;
    }
    return;
  }
  std::vector<size_t> ends;
  cutter_.Cut(stretch, ends);
  size_t begin = 0;
  for (size_t end : ends) {
    EncodeKnownWord(stretch.substr(begin, end - begin), scratch, out);
    begin = end;
  }
}

// Most words of a text come again.
void ByteBpe::EncodeKnownWord(std::string_view word, Scratch& scratch,
                              std::vector<int32_t>& out) const {
  if (scratch.words.Append(word, out)) return;
  const size_t before = out.size();
  EncodeWord(word, scratch, out);
  scratch.words.Add(word, absl::MakeConstSpan(out).subspan(before));
}

void ByteBpe::EncodeWord(std::string_view word, Scratch& scratch, std::vector<int32_t>& out) const {
  if (pre_tokenizer_.whole_words) {
    const auto found = ids_.find(SpellBytes(word));
    if (found != ids_.end() && TypeOf(found->second) == Vocabulary::PieceType::kNormal) {
      out.push_back(found->second);
      return;
    }
  }
  std::vector<bpe::Symbol>& symbols = scratch.symbols;
  symbols.clear();
  for (size_t i = 0; i < word.size(); ++i) {
    const int32_t id = byte_ids_[static_cast<unsigned char>(word[i])];
    if (id >= 0) symbols.push_back({.begin = static_cast<int32_t>(i), .id = id});
  }
  bpe::Merge(symbols, static_cast<int32_t>(word.size()),
             [&](const bpe::Symbol& left, const bpe::Symbol& right, int32_t) {
               return scratch.pairs.Get(left.id, right.id, [&] {
                 const auto found = merges_.find(PairKey(left.id, right.id));
                 return found == merges_.end() ? bpe::Pair{} : found->second;
               });
             });
  for (const bpe::Symbol& symbol : symbols) out.push_back(symbol.id);
}

void ByteBpe::AppendPiece(int32_t id, std::string& out) const {
  const std::string& piece = vocabulary().pieces[id];
  if (!AppendSpeltBytes(piece, out)) out.append(piece);
}

}  // namespace erato
